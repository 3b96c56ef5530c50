package dev.sluice.server;

import dev.sluice.http.MessageLimits;
import dev.sluice.http.Upgrades;
import dev.sluice.http.http2.Http2Limits;
import dev.sluice.net.AddressBlocks;
import dev.sluice.net.TrustedProxies;
import java.time.Duration;

/// What client connections may take, one and all.
///
/// @param messageLimits of a request's head
/// @param headerTimeout from the first byte of a head to its end
/// @param bodyTimeout between two parts of a body that we are ready to read
/// @param idleTimeout between two requests
/// @param writeTimeout how long a client may take less than 1 KiB of what is ready for it
/// @param maxConnections open at once, on all ports; further ones are closed as they come
/// @param proxies whose forwarding fields are believed
/// @param proxySources whose headers of the PROXY protocol are believed, where a port has it
/// @param upgrades protocols that become tunnels
/// @param http2 what a connection of HTTP/2 may open and send
public record ServerSettings(
        MessageLimits messageLimits,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration writeTimeout,
        int maxConnections,
        TrustedProxies proxies,
        AddressBlocks proxySources,
        Upgrades upgrades,
        Http2Limits http2) {

    /// Ten seconds for a head, 30 between parts of a body, 60 between requests and without progress
    /// of a response, 50,000 connections, no trusted proxies, WebSocket.
    public static final ServerSettings DEFAULT =
            new ServerSettings(
                    MessageLimits.DEFAULT,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    50_000,
                    TrustedProxies.NONE,
                    AddressBlocks.NONE,
                    Upgrades.ONLY_WEBSOCKET,
                    Http2Limits.DEFAULT);

    /// With [Upgrades#ONLY_WEBSOCKET] and [Http2Limits#DEFAULT].
    public ServerSettings(
            MessageLimits messageLimits,
            Duration headerTimeout,
            Duration bodyTimeout,
            Duration idleTimeout,
            Duration writeTimeout,
            int maxConnections,
            TrustedProxies proxies) {
        this(
                messageLimits,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                writeTimeout,
                maxConnections,
                proxies,
                AddressBlocks.NONE,
                Upgrades.ONLY_WEBSOCKET,
                Http2Limits.DEFAULT);
    }

    /// The same with other tunnels.
    public ServerSettings with(Upgrades tunnels) {
        return new ServerSettings(
                messageLimits,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                writeTimeout,
                maxConnections,
                proxies,
                proxySources,
                tunnels,
                http2);
    }

    /// The same with other limits of HTTP/2.
    public ServerSettings with(Http2Limits limitsOfHttp2) {
        return new ServerSettings(
                messageLimits,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                writeTimeout,
                maxConnections,
                proxies,
                proxySources,
                upgrades,
                limitsOfHttp2);
    }

    /// The same with other proxies.
    public ServerSettings with(TrustedProxies trusted) {
        return new ServerSettings(
                messageLimits,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                writeTimeout,
                maxConnections,
                trusted,
                proxySources,
                upgrades,
                http2);
    }

    /// The same with other sources of the PROXY protocol.
    public ServerSettings with(AddressBlocks sources) {
        return new ServerSettings(
                messageLimits,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                writeTimeout,
                maxConnections,
                proxies,
                sources,
                upgrades,
                http2);
    }
}
