package dev.sluice.telemetry;

import dev.sluice.barrier.Barrier;
import dev.sluice.observe.AccessField;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a line for each request, on a thread of its own. Event loops only put an entry into a
/// queue; when the writer cannot keep up entries are dropped and counted, so that a slow disk slows
/// no request down.
public final class AccessLog implements AutoCloseable {

    private static final Barrier.Owner OWNER = Barrier.only("access-log");
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    /// How long an entry may wait while there is little traffic.
    private static final long PAUSE_NANOS = 20_000_000;

    private static final int BATCH_BYTES = 32 * 1024;
    private static final long CLOSE_MILLIS = 5_000;

    private volatile AccessLogSettings accessLogSettings;
    private final OutputStream out;
    private final Queue<AccessEntry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final LogText batch = new LogText();
    private int lines;
    private final Thread writer;
    private volatile boolean closed;
    private boolean failing;

    /// How and how much is written.
    ///
    /// @param format of a line
    /// @param fields in their order
    /// @param buffer entries that may wait for the writer
    public record AccessLogSettings(AccessFormat format, List<AccessField> fields, int buffer) {
        public AccessLogSettings {
            fields = List.copyOf(fields);
        }
    }

    /// @param out is closed at the end
    public AccessLog(AccessLogSettings accessLogSettings, OutputStream out) {
        this.accessLogSettings = accessLogSettings;
        this.out = out;
        this.writer =
                Barrier.start(
                        Thread.ofPlatform().name("sluice-access-log").daemon(), OWNER, this::run);
    }

    /// Entries from now on, and those that wait, are written so.
    public void settings(AccessLogSettings next) {
        accessLogSettings = next;
    }

    /// Takes an entry; never waits.
    public void add(AccessEntry entry) {
        if (waiting.incrementAndGet() > accessLogSettings.buffer()) {
            waiting.decrementAndGet();
            dropped.increment();
        } else {
            queue.add(entry);
        }
    }

    /// Entries dropped since the start.
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        while (!closed) {
            Barrier.run(
                    OWNER,
                    () -> {
                        if (!writeWaiting()) {
                            LockSupport.parkNanos(this, PAUSE_NANOS);
                        }
                    });
        }
        writeWaiting();
    }

    /// @return whether there was something
    private boolean writeWaiting() {
        AccessEntry entry = queue.poll();
        if (entry == null) {
            return false;
        }
        AccessLogSettings now = accessLogSettings;
        while (entry != null) {
            waiting.decrementAndGet();
            List<AccessField> fields = entry.fields();
            now.format().write(batch, fields == null ? now.fields() : fields, entry);
            batch.character('\n');
            lines++;
            if (batch.size() > BATCH_BYTES) {
                flush();
            }
            entry = queue.poll();
        }
        flush();
        return true;
    }

    private void flush() {
        try {
            batch.writeTo(out);
            out.flush();
            failing = false;
        } catch (IOException e) {
            dropped.add(lines);
            if (!failing) {
                LOG.error("the access log cannot be written: {}", e.getMessage());
            }
            failing = true;
        }
        batch.clear();
        lines = 0;
    }

    /// Writes what is waiting, for at most five seconds.
    @Override
    public void close() throws IOException {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        out.close();
    }
}
