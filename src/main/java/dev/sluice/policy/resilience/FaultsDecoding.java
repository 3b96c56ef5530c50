package dev.sluice.policy.resilience;

import dev.sluice.policy.SpecReader;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Decodes section `faults`.
final class FaultsDecoding {

    private FaultsDecoding() {}

    record FaultsSpec(
            @Nullable DelaySpec delay,
            @Nullable AbortSpec abort,
            @Nullable String onlyWhenHeader) {}

    record DelaySpec(String fixed, float percent) {}

    record AbortSpec(int status, float percent) {}

    static Faults read(SpecReader in) {
        FaultsSpec faultsSpec = in.read(FaultsSpec.class);
        AbortSpec abort = faultsSpec.abort();
        String field = faultsSpec.onlyWhenHeader();
        return new Faults(
                delay(in.at("delay").at("fixed"), faultsSpec.delay()),
                abort == null ? null : new Faults.Abort(abort.status(), abort.percent()),
                field == null ? null : field.toLowerCase(Locale.ROOT));
    }

    private static Faults.@Nullable Delay delay(SpecReader in, @Nullable DelaySpec written) {
        if (written == null) {
            return null;
        }
        Duration fixed = in.atMostAnHour(written.fixed());
        return new Faults.Delay(fixed, written.percent());
    }
}
