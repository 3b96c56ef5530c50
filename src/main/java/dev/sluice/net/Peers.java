package dev.sluice.net;

import java.net.InetSocketAddress;

/// The two ends of a client's connection.
///
/// @param client who opened it
/// @param server what it was opened to
public record Peers(InetSocketAddress client, InetSocketAddress server) {

    /// The client's address without port and zone.
    public String clientHost() {
        return hostOf(client);
    }

    static String hostOf(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        int zone = host.indexOf('%'); // RFC 4007 11.2: of no meaning to others
        return zone < 0 ? host : host.substring(0, zone);
    }
}
