package dev.sluice.ir;

/// One listener of a Gateway or ListenerSet, as the data plane sees it.
public sealed interface Listener permits HttpListener, TcpListener, TlsListener {

    /// The name that logs, metrics and `explain` show: `namespace/gateway/listener`.
    String name();

    /// The hostname of the listener; [HostPattern#ANY] when it has none.
    HostPattern hostname();
}
