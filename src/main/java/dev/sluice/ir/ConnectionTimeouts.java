package dev.sluice.ir;

import java.time.Duration;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Section `timeouts` of a ResiliencePolicy: of connections to a Service's port, and of requests to
/// it.
///
/// @param connect of one TCP connection, more than zero; null for what the settings say
/// @param idle after which an unused connection is closed, more than zero; null for what the
///   settings say
/// @param stream of one try with its whole answer, more than zero; null for no limit but those of
///   rules
public record ConnectionTimeouts(
        @Nullable Duration connect, @Nullable Duration idle, @Nullable Duration stream)
        implements PolicySection {

    @Override
    public String text() {
        StringJoiner text = new StringJoiner(", ");
        if (connect != null) {
            text.add("connect " + connect);
        }
        if (idle != null) {
            text.add("idle " + idle);
        }
        if (stream != null) {
            text.add("stream " + stream);
        }
        return text.toString();
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
