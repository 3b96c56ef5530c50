package dev.sluice.policy.resilience;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Decodes section `faults`.
final class FaultsDecoding {

    private FaultsDecoding() {}

    record Written(
            @Nullable WrittenDelay delay,
            @Nullable WrittenAbort abort,
            @Nullable String onlyWhenHeader) {}

    record WrittenDelay(String fixed, float percent) {}

    record WrittenAbort(int status, float percent) {}

    static Faults decode(Written written) {
        WrittenAbort abort = written.abort();
        String field = written.onlyWhenHeader();
        return new Faults(
                delay(written.delay()),
                abort == null ? null : new Faults.Abort(abort.status(), abort.percent()),
                field == null ? null : field.toLowerCase(Locale.ROOT));
    }

    private static Faults.@Nullable Delay delay(@Nullable WrittenDelay written) {
        if (written == null) {
            return null;
        }
        Duration fixed = CircuitDecoding.atMostAnHour(written.fixed(), ".delay.fixed");
        return new Faults.Delay(fixed, written.percent());
    }
}
