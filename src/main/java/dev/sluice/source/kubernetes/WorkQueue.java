package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.ObjectRef;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/// Work at objects, one after the other, on a thread that lives for as long as there is some. One
/// that is added again before its turn comes has one turn.
final class WorkQueue {

    private final String name;
    private final Work work;
    private final Runnable done;
    private final UnexpectedErrors errors;
    private final Set<ObjectRef> waiting = new LinkedHashSet<>();
    private boolean busy;

    /// What is done to each object.
    interface Work {
        void at(ObjectRef ref) throws Exception;
    }

    /// @param name of the thread, and of the place in reports
    /// @param done run whenever there is nothing left
    /// @param errors receives what the work throws; it goes on
    WorkQueue(String name, Work work, Runnable done, UnexpectedErrors errors) {
        this.name = name;
        this.work = work;
        this.done = done;
        this.errors = errors;
    }

    synchronized void add(Collection<ObjectRef> refs) {
        if (waiting.addAll(refs) && !busy) {
            busy = true;
            Thread.ofVirtual().name("sluice-" + name).start(this::run);
        }
    }

    /// Whether there is nothing to do.
    synchronized boolean isIdle() {
        return !busy;
    }

    private void run() {
        while (true) {
            ObjectRef ref;
            synchronized (this) {
                if (waiting.isEmpty()) {
                    busy = false;
                    break;
                }
                ref = waiting.iterator().next();
                waiting.remove(ref);
            }
            try {
                work.at(ref);
            } catch (Throwable e) {
                errors.report("source." + name, ref.toString(), e);
            }
        }
        done.run();
    }
}
