package dev.sluice.ir;

/// Whether connections of a port begin with a header of the PROXY protocol, which names the client
/// that a load balancer stands for. Only a header from a source that the operator trusts is read.
public enum ProxyProtocol {
    /// A trusted source may send one; others are clients themselves.
    OPTIONAL,
    /// Only trusted sources may connect, and each connection has one.
    REQUIRED
}
