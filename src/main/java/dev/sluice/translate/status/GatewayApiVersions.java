package dev.sluice.translate.status;

import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.CustomResourceDefinition;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which release of Gateway API is installed, and whether it is one that we know.
public final class GatewayApiVersions {

    /// The release whose conformance tests we pass.
    private static final String KNOWN = "v1.6.";

    private GatewayApiVersions() {}

    /// The condition of GatewayClasses; null where nobody says what is installed: on a laptop. We
    /// serve with what there is in any case.
    public static @Nullable Condition supported(Resources resources, long generation) {
        Map<String, @Nullable String> installed = new TreeMap<>();
        resources.all(CustomResourceDefinition.class).stream()
                .filter(CustomResourceDefinition::isGatewayApi)
                .forEach(one -> installed.put(one.name(), one.bundleVersion()));
        if (installed.isEmpty()) {
            return null;
        }
        List<String> others = new ArrayList<>();
        installed.forEach((name, version) -> {
            if (version == null || !version.startsWith(KNOWN)) {
                others.add(kind(name) + " " + (version == null ? "of unknown release" : version));
            }
        });
        String absent = absent(installed);
        return others.isEmpty()
                ? ConditionType.SUPPORTED_VERSION.good(absent, generation)
                : ConditionType.SUPPORTED_VERSION.bad(
                        "UnsupportedVersion",
                        "tested with "
                                + KNOWN
                                + "x; installed: "
                                + String.join(", ", others)
                                + (absent.isEmpty() ? "" : "; " + absent),
                        generation);
    }

    private static String kind(String name) {
        return name.substring(0, name.indexOf('.'));
    }

    private static String absent(Map<String, @Nullable String> installed) {
        String names =
                Kinds.all().stream()
                        .filter(kind -> kind.group().equals(Gateway.GROUP))
                        .map(Kind::plural)
                        .filter(plural -> !installed.containsKey(plural + "." + Gateway.GROUP))
                        .sorted()
                        .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "not installed: " + names;
    }
}
