package dev.sluice.ir;

import java.time.Duration;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Section `timeouts` of a ResiliencePolicy: of connections to a Service's port.
///
/// @param connect of one TCP connection, more than zero; null for what the settings say
/// @param idle after which an unused connection is closed, more than zero; null for what the settings
///     say
public record ConnectionTimeouts(@Nullable Duration connect, @Nullable Duration idle)
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
        return text.toString();
    }
}
