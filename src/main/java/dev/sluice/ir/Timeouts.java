package dev.sluice.ir;

import java.time.Duration;

/// Time limits of a rule (GEP-1742). [Duration#ZERO] sets no limit.
///
/// @param request from the request's head to the end of the response, all tries included
/// @param backendRequest one try, from its sending to the end of its response
public record Timeouts(Duration request, Duration backendRequest) {

    public static final Timeouts NONE = new Timeouts(Duration.ZERO, Duration.ZERO);
}
