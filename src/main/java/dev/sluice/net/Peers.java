package dev.sluice.net;

import java.net.InetSocketAddress;

/// The two ends of a client's connection.
///
/// @param client who opened it
/// @param server what it was opened to
public record Peers(InetSocketAddress client, InetSocketAddress server) {}
