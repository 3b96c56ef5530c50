package dev.sluice.policy.resilience;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Guard;
import dev.sluice.engine.LocalReply;
import dev.sluice.http.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Guards in their order: a try passes that all let pass.
record GuardChain(List<Guard> all) implements Guard {

    GuardChain {
        all = List.copyOf(all);
    }

    @Override
    public @Nullable LocalReply enter(Exchange exchange) {
        for (int i = 0; i < all.size(); i++) {
            LocalReply instead = all.get(i).enter(exchange);
            if (instead != null) {
                for (Guard passed : all.subList(0, i)) {
                    passed.left();
                    passed.done();
                }
                return instead;
            }
        }
        return null;
    }

    @Override
    public long delay(Exchange exchange) {
        long delay = 0;
        for (Guard guard : all) {
            delay += guard.delay(exchange);
        }
        return delay;
    }

    @Override
    public void ended(int status, @Nullable Failure failure, long nanos) {
        all.forEach(guard -> guard.ended(status, failure, nanos));
    }

    @Override
    public void left() {
        all.forEach(Guard::left);
    }

    @Override
    public void done() {
        all.forEach(Guard::done);
    }
}
