package dev.sluice.app;

import java.util.List;
import java.util.Optional;

/// The AOT cache (JEP 483) that the command line names. A JVM whose collector, object layout or
/// build differs from the one that trained it starts without it, which takes longer and says
/// nothing of Sluice.
final class AotCache {

    private static final String OPTION = "-XX:AOTCache=";

    private AotCache() {}

    /// What to report when a cache is named and not used.
    ///
    /// @param options those of the JVM
    /// @param mode `java.vm.info`, which says `sharing` while a cache is mapped
    static Optional<String> unused(List<String> options, String mode) {
        if (mode.contains("sharing")) {
            return Optional.empty();
        }
        return options.stream()
                .filter(option -> option.startsWith(OPTION))
                .reduce((first, last) -> last)
                .map(option -> option.substring(OPTION.length()))
                .map(cache ->
                        "the AOT cache "
                                + cache
                                + " is not used, so the start takes longer: it does not fit this JVM or its"
                                + " options (-Xlog:aot says why)");
    }
}
