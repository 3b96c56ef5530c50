package dev.sluice.listener;

/// A socket could not be bound.
final class BindFailed extends Exception {

    BindFailed(String message) {
        super(message);
    }
}
