package dev.sluice.spring;

import dev.sluice.engine.Exchange;
import io.netty.channel.EventLoop;

/// An exchange in the Spring stage, and work on its event loop.
interface ExchangeLoop {

    Exchange exchange();

    default EventLoop loop() {
        return exchange().client().eventLoop();
    }

    /// Runs work of the exchange on its event loop: at once if that is the current thread.
    void onLoop(Runnable action);

    /// Runs once when the client takes bytes again.
    void whenWritable(Runnable action);
}
