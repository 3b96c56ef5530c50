package dev.sluice.app.settings;

import dev.sluice.http.MessageLimits;
import dev.sluice.http.Upgrades;
import dev.sluice.net.AddressBlocks;
import dev.sluice.net.TrustedProxies;
import dev.sluice.server.ServerSettings;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

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
/// @param proxyProtocolSources addresses or CIDR blocks of load balancers whose headers of the
///   PROXY protocol are believed, on ports that have it
/// @param upgrades protocols besides `websocket` that a request may change its connection to
/// @param http2 what a connection of HTTP/2 may open and send
/// @param drain how long requests in flight may go on when a port closes or the process ends
public record ServerProperties(
        @DefaultValue("8KB") DataSize maxRequestLine,
        @DefaultValue("64KB") DataSize maxHeader,
        @DefaultValue("256") int maxFields,
        @DefaultValue("10s") Duration headerTimeout,
        @DefaultValue("30s") Duration bodyTimeout,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("60s") Duration writeTimeout,
        @DefaultValue("50000") int maxConnections,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue List<String> proxyProtocolSources,
        @DefaultValue List<String> upgrades,
        @DefaultValue Http2Properties http2,
        @DefaultValue("20s") Duration drain) {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    public ServerProperties {
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
        proxyProtocolSources = List.copyOf(proxyProtocolSources);
        sources(proxyProtocolSources);
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
            throw new IllegalArgumentException("sluice.server.trusted-proxies: " + e.getMessage());
        }
    }

    private static AddressBlocks sources(List<String> blocks) {
        try {
            return AddressBlocks.of(blocks);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "sluice.server.proxy-protocol-sources: " + e.getMessage());
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
                sources(proxyProtocolSources),
                tunnels(upgrades),
                http2.limits());
    }

    MessageLimits limits() {
        return new MessageLimits(
                Math.toIntExact(maxRequestLine.toBytes()),
                Math.toIntExact(maxHeader.toBytes()),
                maxFields);
    }
}
