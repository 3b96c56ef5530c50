package dev.sluice.ir;

import java.time.Duration;

/// Section `outlier` of a ResiliencePolicy: endpoints that fail are left alone until they answer
/// again.
///
/// @param connect so many connections in a row that fail eject an endpoint; 0 not to look at that
/// @param gateway5xx so many requests in a row that end by status 502, 503 or 504, or without a
///   response, eject it; 0 not to look at that
/// @param baseEjection how long nothing is asked of it then, the first time; more than zero
/// @param maxEjection to which that time doubles with each further ejection; at least
///   `baseEjection`
/// @param maxEjectedPercent how many of the endpoints may be ejected at a time, 1 to 100
/// @param reprobe after its time, how often an ejected endpoint is connected to until it answers
public record OutlierDetection(
        int connect,
        int gateway5xx,
        Duration baseEjection,
        Duration maxEjection,
        int maxEjectedPercent,
        Duration reprobe)
        implements PolicySection {

    @Override
    public String text() {
        String connections = connect == 0 ? "" : connect + " failed connections";
        String requests = gateway5xx == 0 ? "" : gateway5xx + " failed requests";
        String or = connect == 0 || gateway5xx == 0 ? "" : " or ";
        return "ejects after "
                + connections
                + or
                + requests
                + " in a row, at most "
                + maxEjectedPercent
                + " % of the endpoints";
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
