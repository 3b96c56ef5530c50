package dev.sluice.grpc;

/// A call that failed, or whose response cannot be read.
public final class UnaryCallException extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    UnaryCallException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /// For people.
    public String reason() {
        return reason;
    }
}
