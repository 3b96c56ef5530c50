package dev.sluice.app.settings;

import dev.sluice.http.MessageLimits;
import dev.sluice.http.Upgrades;
import dev.sluice.net.TrustedProxies;
import dev.sluice.observe.AccessField;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Route;
import dev.sluice.server.ServerSettings;
import dev.sluice.telemetry.AccessFormat;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.balance.Balancing;
import dev.sluice.upstream.pool.PoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
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
/// @param expose routes of Services that ask for one
/// @param tenants bounds of what each namespace may have
/// @param demo the sample backends of the profile `demo`
/// @param reload how often the files that hold settings are looked at for changes; 0 for never
@ConfigurationProperties(prefix = "sluice", ignoreUnknownFields = false)
public record SluiceProperties(
        @DefaultValue SourceProperties source,
        @DefaultValue("sluice.dev/gateway-controller") String controllerName,
        @DefaultValue("0") int workers,
        @DefaultValue Server server,
        @DefaultValue UpstreamProperties upstream,
        @DefaultValue Routes routes,
        @DefaultValue AccessLogProperties accessLog,
        @DefaultValue Metrics metrics,
        @DefaultValue SpringFilterProperties springFilters,
        @DefaultValue("when-needed") SpringStageMode springStage,
        @DefaultValue Expose expose,
        @DefaultValue Tenants tenants,
        @DefaultValue Demo demo,
        @DefaultValue("1s") Duration reload) {

    public SluiceProperties {
        if (!CONTROLLER_NAME.matcher(controllerName).matches()) {
            throw new IllegalArgumentException(
                    "sluice.controller-name must be a domain and a path such as"
                            + " example.com/gateway-controller, was \""
                            + controllerName
                            + '"');
        }
        Bounds.check("sluice.workers", workers, 0, 1024);
        Bounds.check("sluice.reload", reload, Duration.ZERO, Duration.ofHours(1));
    }

    private static final Pattern CONTROLLER_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9/._~%!$&'()*+,;=:-]+");
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

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
    public record SourceProperties(
            @DefaultValue("file") SourceKind kind, @DefaultValue File file) {}

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
    /// @param writeTimeout how long a client may take nothing of what is ready for it
    /// @param maxConnections client connections open at once; further ones are closed as they come
    /// @param trustedProxies addresses or CIDR blocks whose `X-Forwarded-*` and `Forwarded` are
    ///   believed
    /// @param upgrades protocols besides `websocket` that a request may change its connection to
    /// @param http2 what a connection of HTTP/2 may open and send
    /// @param drain how long requests in flight may go on when a port closes or the process ends
    public record Server(
            @DefaultValue("8KB") DataSize maxRequestLine,
            @DefaultValue("64KB") DataSize maxHeader,
            @DefaultValue("256") int maxFields,
            @DefaultValue("10s") Duration headerTimeout,
            @DefaultValue("30s") Duration bodyTimeout,
            @DefaultValue("60s") Duration idleTimeout,
            @DefaultValue("60s") Duration writeTimeout,
            @DefaultValue("50000") int maxConnections,
            @DefaultValue List<String> trustedProxies,
            @DefaultValue List<String> upgrades,
            @DefaultValue Http2Properties http2,
            @DefaultValue("20s") Duration drain) {
        public Server {
            Bounds.check("sluice.server.max-request-line", maxRequestLine, "256B", "1MB");
            Bounds.check("sluice.server.max-header", maxHeader, "1KB", "16MB");
            Bounds.check("sluice.server.max-fields", maxFields, 1, 100_000);
            Bounds.check("sluice.server.header-timeout", headerTimeout, MILLISECOND, DAY);
            Bounds.check("sluice.server.body-timeout", bodyTimeout, MILLISECOND, DAY);
            Bounds.check("sluice.server.idle-timeout", idleTimeout, MILLISECOND, DAY);
            Bounds.check("sluice.server.write-timeout", writeTimeout, MILLISECOND, DAY);
            Bounds.check("sluice.server.max-connections", maxConnections, 1, 10_000_000);
            Bounds.check("sluice.server.drain", drain, Duration.ZERO, Duration.ofHours(1));
            trustedProxies = List.copyOf(trustedProxies);
            proxies(trustedProxies);
            upgrades = List.copyOf(upgrades);
            tunnels(upgrades);
        }

        private static Upgrades tunnels(List<String> names) {
            try {
                return Upgrades.of(names);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("sluice.server.upgrades: " + e.getMessage());
            }
        }

        private static TrustedProxies proxies(List<String> blocks) {
            try {
                return TrustedProxies.of(blocks);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "sluice.server.trusted-proxies: " + e.getMessage());
            }
        }

        /// As the engine takes them.
        public ServerSettings settings() {
            return new ServerSettings(
                    limits(),
                    headerTimeout,
                    bodyTimeout,
                    idleTimeout,
                    writeTimeout,
                    maxConnections,
                    proxies(trustedProxies),
                    tunnels(upgrades),
                    http2.limits());
        }

        private MessageLimits limits() {
            return new MessageLimits(
                    Math.toIntExact(maxRequestLine.toBytes()),
                    Math.toIntExact(maxHeader.toBytes()),
                    maxFields);
        }
    }

    /// Limits of connections to backends.
    ///
    /// @param connectTimeout of one TCP connection
    /// @param idleTimeout after which an unused connection is closed
    /// @param responseTimeout how long nothing of a request or response passes while it is in
    ///   flight
    /// @param tunnelTimeout the same of an upgraded connection, such as a WebSocket
    /// @param maxConnections per endpoint and event loop
    /// @param maxPending requests that wait for a connection, per endpoint and event loop
    /// @param pendingTimeout how long a request waits for a connection
    /// @param clientShare part of connections and places to wait that is kept for others than a
    ///   client that holds as much; 1 for none
    /// @param balancing how endpoints are chosen
    public record UpstreamProperties(
            @DefaultValue("2s") Duration connectTimeout,
            @DefaultValue("60s") Duration idleTimeout,
            @DefaultValue("5m") Duration responseTimeout,
            @DefaultValue("1h") Duration tunnelTimeout,
            @DefaultValue("512") int maxConnections,
            @DefaultValue("1024") int maxPending,
            @DefaultValue("5s") Duration pendingTimeout,
            @DefaultValue("0.25") double clientShare,
            @DefaultValue("least-request") Balancing balancing) {
        public UpstreamProperties {
            Bounds.check(
                    "sluice.upstream.connect-timeout",
                    connectTimeout,
                    MILLISECOND,
                    Duration.ofMinutes(5));
            Bounds.check("sluice.upstream.idle-timeout", idleTimeout, MILLISECOND, DAY);
            Bounds.check("sluice.upstream.response-timeout", responseTimeout, MILLISECOND, DAY);
            Bounds.check(
                    "sluice.upstream.tunnel-timeout",
                    tunnelTimeout,
                    MILLISECOND,
                    Duration.ofDays(7));
            Bounds.check("sluice.upstream.max-connections", maxConnections, 1, 1_000_000);
            Bounds.check("sluice.upstream.max-pending", maxPending, 0, 10_000_000);
            if (!(clientShare > 0 && clientShare <= 1)) {
                throw new IllegalArgumentException(
                        "sluice.upstream.client-share must be above 0 and at most 1, was "
                                + clientShare);
            }
            Bounds.check(
                    "sluice.upstream.pending-timeout",
                    pendingTimeout,
                    MILLISECOND,
                    Duration.ofHours(1));
        }

        /// As backends take them.
        public UpstreamSettings settings(Server server) {
            return new UpstreamSettings(
                    new PoolSettings(
                            connectTimeout,
                            idleTimeout,
                            responseTimeout,
                            tunnelTimeout,
                            maxConnections,
                            maxPending,
                            pendingTimeout,
                            clientShare,
                            server.limits()),
                    balancing);
        }
    }

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
    public record AccessLogProperties(
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
        public AccessLogProperties {
            fields = List.copyOf(fields);
            if (fields.isEmpty()) {
                throw new IllegalArgumentException(
                        "sluice.access-log.fields must name at least one field, was empty");
            }
            Bounds.check("sluice.access-log.buffer", buffer, 1, 10_000_000);
        }

        /// As the log takes them.
        public dev.sluice.telemetry.AccessLog.AccessLogSettings settings() {
            return new dev.sluice.telemetry.AccessLog.AccessLogSettings(format, fields, buffer);
        }
    }

    /// Bounds of what is measured.
    ///
    /// @param maxRules rules with series of their own; the others share one
    /// @param maxUpstreams backends with series of their own; the others are summed up
    public record Metrics(
            @DefaultValue("1000") int maxRules, @DefaultValue("1000") int maxUpstreams) {
        public Metrics {
            Bounds.check("sluice.metrics.max-rules", maxRules, 0, 1_000_000);
            Bounds.check("sluice.metrics.max-upstreams", maxUpstreams, 0, 1_000_000);
        }
    }

    /// Which filters of Spring rules may name.
    ///
    /// @param allowed names of `GatewayFilterFactory`; `*` for all
    public record SpringFilterProperties(@DefaultValue("*") Set<String> allowed) {
        public SpringFilterProperties {
            allowed = Set.copyOf(allowed);
        }
    }

    /// Routes of Services that ask for one by `sluice.dev/expose`.
    ///
    /// @param gateway that they are attached to, as `namespace/name`; none are made without it
    /// @param sectionName of its listener; all when it is not given
    public record Expose(@Nullable String gateway, @Nullable String sectionName) {

        private static final Pattern NAME = Pattern.compile("[-a-z0-9]+/[-a-z0-9.]+");

        public Expose {
            gateway = gateway == null || gateway.isBlank() ? null : gateway;
            if (gateway != null && !NAME.matcher(gateway).matches()) {
                throw new IllegalArgumentException(
                        "sluice.expose.gateway must be namespace/name, was \"" + gateway + '"');
            }
        }

        /// As a route would refer to it; null when there is none.
        public Route.@Nullable ParentRef parent() {
            if (gateway == null) {
                return null;
            }
            String[] parts = gateway.split("/", -1);
            return new Route.ParentRef(
                    Gateway.GROUP, "Gateway", parts[0], parts[1], sectionName, null);
        }
    }

    /// Bounds of what each namespace may have, so that none takes what others need. Of what is
    /// beyond them the newest objects are not served, and are told so.
    ///
    /// @param maxBytes that are kept of its objects
    /// @param maxPorts target ports of its Gateways
    public record Tenants(
            @DefaultValue("8MB") DataSize maxBytes, @DefaultValue("500") int maxPorts) {
        public Tenants {
            Bounds.check("sluice.tenants.max-bytes", maxBytes, "64KB", "16GB");
            Bounds.check("sluice.tenants.max-ports", maxPorts, 1, 10_000);
        }
    }

    /// Sample backends.
    ///
    /// @param firstPort the first of their three ports
    public record Demo(@DefaultValue("9101") int firstPort) {
        public Demo {
            Bounds.check("sluice.demo.first-port", firstPort, 1, 65_533);
        }
    }
}
