package dev.sluice.app;

import dev.sluice.observe.AccessField;
import dev.sluice.observe.AccessFormat;
import dev.sluice.upstream.Balancing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Settings of a Sluice instance.
///
/// @param source where resources come from
/// @param controllerName the GatewayClasses that are ours: their `spec.controllerName`
/// @param workers number of event loops, 0 for one per processor
/// @param server limits of client connections
/// @param upstream limits of connections to backends
/// @param routes routes that are made at run time
/// @param accessLog a line for each request
/// @param metrics bounds of what is measured
/// @param springFilters which filters of Spring rules may name
/// @param springStage whether all rules run through the Spring stage, for tests
@ConfigurationProperties("sluice")
public record SluiceProperties(
        @DefaultValue Source source,
        @DefaultValue("sluice.dev/gateway-controller") String controllerName,
        @DefaultValue("0") int workers,
        @DefaultValue Server server,
        @DefaultValue Upstream upstream,
        @DefaultValue Routes routes,
        @DefaultValue AccessLog accessLog,
        @DefaultValue Metrics metrics,
        @DefaultValue SpringFilters springFilters,
        @DefaultValue("when-needed") SpringStageMode springStage) {

    /// When the Spring stage runs.
    public enum SpringStageMode {
        /// For rules that name a Spring filter.
        WHEN_NEEDED,
        /// For every rule.
        FORCED
    }

    /// Where resources come from.
    ///
    /// @param kind which of the two
    /// @param file YAML files
    public record Source(@DefaultValue("file") SourceKind kind, @DefaultValue File file) {}

    /// Where resources come from.
    public enum SourceKind {
        /// A folder of YAML files.
        FILE,
        /// The API server of the cluster that we run in, or of the kubeconfig.
        KUBERNETES
    }

    /// YAML files.
    ///
    /// @param path folder that is read and watched
    public record File(@DefaultValue("config") Path path) {}

    /// Limits of client connections.
    ///
    /// @param maxRequestLine longest request line; beyond it 414
    /// @param maxHeader largest header section; beyond it 431
    /// @param maxFields most header fields; beyond it 431
    /// @param headerTimeout from the first byte of a head to its end
    /// @param bodyTimeout between two parts of a body
    /// @param idleTimeout between two requests
    /// @param maxConnections client connections open at once; further ones are closed as they come
    /// @param trustedProxies addresses or CIDR blocks whose `X-Forwarded-*` and `Forwarded` are believed
    /// @param drain how long requests in flight may go on when a port closes or the process ends
    public record Server(
            @DefaultValue("8KB") DataSize maxRequestLine,
            @DefaultValue("64KB") DataSize maxHeader,
            @DefaultValue("256") int maxFields,
            @DefaultValue("10s") Duration headerTimeout,
            @DefaultValue("30s") Duration bodyTimeout,
            @DefaultValue("60s") Duration idleTimeout,
            @DefaultValue("50000") int maxConnections,
            @DefaultValue List<String> trustedProxies,
            @DefaultValue("20s") Duration drain) {
        public Server {
            trustedProxies = List.copyOf(trustedProxies);
        }
    }

    /// Limits of connections to backends.
    ///
    /// @param connectTimeout of one TCP connection
    /// @param idleTimeout after which an unused connection is closed
    /// @param maxConnections per endpoint and event loop
    /// @param maxPending requests that wait for a connection, per endpoint and event loop
    /// @param balancing how endpoints are chosen
    public record Upstream(
            @DefaultValue("2s") Duration connectTimeout,
            @DefaultValue("60s") Duration idleTimeout,
            @DefaultValue("512") int maxConnections,
            @DefaultValue("1024") int maxPending,
            @DefaultValue("least-request") Balancing balancing) {}

    /// Routes that are made at run time by `/actuator/routes`.
    ///
    /// @param writes whether they can be made, replaced and deleted
    /// @param path folder that keeps them; watched beside the source's
    /// @param username who may write
    /// @param password required where writes are on
    public record Routes(
            @DefaultValue("false") boolean writes,
            @DefaultValue("routes") Path path,
            @DefaultValue("admin") String username,
            @Nullable String password) {

        /// Without the password.
        @Override
        public String toString() {
            return "Routes[writes=" + writes + ", path=" + path + ", username=" + username + "]";
        }
    }

    /// A line for each request.
    ///
    /// @param enabled whether it is written
    /// @param format of a line
    /// @param fields in their order
    /// @param file where to, appended; the standard output when it is not given
    /// @param buffer lines that may wait to be written; more are dropped and counted
    public record AccessLog(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("json") AccessFormat format,
            @DefaultValue({
                        "time",
                        "client",
                        "method",
                        "host",
                        "target",
                        "protocol",
                        "status",
                        "duration",
                        "request-bytes",
                        "response-bytes",
                        "rule",
                        "endpoint",
                        "tries",
                        "failure",
                        "user-agent",
                        "trace-id"
                    })
                    List<AccessField> fields,
            @Nullable Path file,
            @DefaultValue("65536") int buffer) {
        public AccessLog {
            fields = List.copyOf(fields);
        }
    }

    /// Bounds of what is measured.
    ///
    /// @param maxRules rules with series of their own; the others share one
    /// @param maxUpstreams backends with series of their own; the others are summed up
    public record Metrics(
            @DefaultValue("1000") int maxRules, @DefaultValue("1000") int maxUpstreams) {}

    /// Which filters of Spring rules may name.
    ///
    /// @param allowed names of `GatewayFilterFactory`; `*` for all
    public record SpringFilters(@DefaultValue("*") Set<String> allowed) {
        public SpringFilters {
            allowed = Set.copyOf(allowed);
        }
    }
}
