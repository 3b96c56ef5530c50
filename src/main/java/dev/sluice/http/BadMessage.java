package dev.sluice.http;

/// A message that breaks the protocol. The connection cannot be used any further. Without a stack
/// trace: it is the sender's fault, and cheap to provoke.
public final class BadMessage extends Exception {

    private final int status;

    /// @param status the answer when the message is a request
    /// @param reason one line, shown to the client
    public BadMessage(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
