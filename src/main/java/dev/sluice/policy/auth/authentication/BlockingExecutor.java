package dev.sluice.policy.auth.authentication;

import dev.sluice.barrier.Barrier;
import dev.sluice.engine.Exchange;
import dev.sluice.policy.ClientNetwork;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what takes time by virtual threads, and comes back to the event loop of the request.
public final class BlockingExecutor {

    private static final Logger log = LoggerFactory.getLogger(BlockingExecutor.class);

    /// Requests that may be judged at a time; each holds little more than its head.
    private static final int MOST = 10_000;

    private final WaitingPlaces places = new WaitingPlaces(MOST);

    /// @param by whose work it is
    /// @param then gets the outcome on the event loop, unless the exchange has ended
    /// @return false when there is too much to do for the authenticator or the client; then nothing
    ///   is done
    boolean run(
            Exchange exchange,
            Authenticator by,
            Callable<AuthenticationResult> work,
            Consumer<AuthenticationResult> then) {
        WaitingPlaces.Place place = places.take(by, ClientNetwork.of(exchange.clientHost()));
        if (place == null) {
            return false;
        }
        boolean started = false;
        try {
            Barrier.start(
                    Thread.ofVirtual().name("auth"),
                    Barrier.only("auth"),
                    () -> {
                        AuthenticationResult authenticationResult = call(work);
                        places.giveBack(place);
                        resume(exchange, () -> then.accept(authenticationResult));
                    });
            started = true;
        } finally {
            if (!started) {
                places.giveBack(place);
            }
        }
        return true;
    }

    private static AuthenticationResult call(Callable<AuthenticationResult> work) {
        try {
            return work.call();
        } catch (Throwable e) {
            Barrier.report("auth", e);
            return AuthenticationResult.Refused.unavailable("credentials cannot be judged now");
        }
    }

    private static void resume(Exchange exchange, Runnable then) {
        try {
            exchange.execute(() -> {
                if (!exchange.isEnded()) {
                    then.run();
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("the event loop ended before the credentials were judged", e);
        }
    }
}
