package dev.sluice.dataplane;

import dev.sluice.ir.Configuration;
import dev.sluice.ir.RuleChange;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Puts a configuration in the place of the one before: in the data plane, then where it is shown.
/// Called by one thread at a time.
public final class Publication implements Function<Configuration, Map<String, String>> {

    private final DataPlane plane;
    private final BiConsumer<Configuration, RuleChange> shown;
    private Configuration before = Configuration.EMPTY;

    /// @param shown shows what the data plane serves, and what has changed; called for each
    ///   configuration, even when no rule differs
    public Publication(DataPlane plane, BiConsumer<Configuration, RuleChange> shown) {
        this.plane = plane;
        this.shown = shown;
    }

    /// @return by port id why a port is not served
    @Override
    public Map<String, String> apply(Configuration configuration) {
        RuleChange change =
                RuleChange.between(before.httpListeners(), configuration.httpListeners());
        Map<String, String> failures = plane.publish(configuration, change);
        before = configuration;
        shown.accept(configuration, change);
        return failures;
    }
}
