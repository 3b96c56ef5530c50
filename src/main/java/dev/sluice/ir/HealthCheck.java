package dev.sluice.ir;

import java.time.Duration;
import java.util.List;

/// Section `health` of a ResiliencePolicy: endpoints are asked how they are, and picked while they
/// are well.
///
/// @param question what they are asked
/// @param interval between an answer and the next question, more than zero
/// @param timeout after which there is no answer, more than zero
/// @param unhealthy so many bad answers in a row, and it is not picked; at least 1
/// @param healthy so many good ones in a row, and it is picked again; at least 1
public record HealthCheck(
        Probe question, Duration interval, Duration timeout, int unhealthy, int healthy)
        implements PolicySection {

    /// What endpoints are asked, over the transport that requests take.
    public sealed interface Probe {

        /// A GET.
        ///
        /// @param path with a slash in front, and a query where there is one
        /// @param statuses good ones
        record Http(String path, List<Integer> statuses) implements Probe {
            public Http {
                statuses = List.copyOf(statuses);
            }
        }

        /// A connection, TLS included.
        record Tcp() implements Probe {}

        /// `grpc.health.v1.Health/Check`, by HTTP/2.
        ///
        /// @param service empty for the server as a whole
        record Grpc(String service) implements Probe {}
    }

    @Override
    public String text() {
        String asked =
                switch (question) {
                    case Probe.Http(String path, _) -> "GET " + path;
                    case Probe.Tcp() -> "a connection";
                    case Probe.Grpc(String service) ->
                            "grpc.health.v1" + (service.isEmpty() ? "" : " of " + service);
                };
        return asked + " every " + interval;
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
