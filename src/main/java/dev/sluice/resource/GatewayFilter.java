package dev.sluice.resource;

import java.util.Map;

/// `policy.sluice.dev/v1alpha1` GatewayFilter: a Spring Cloud Gateway filter that HTTPRoutes use by
/// `ExtensionRef`.
public record GatewayFilter(Metadata metadata, Spec spec) implements Resource {

    public static final String GROUP = "policy.sluice.dev";

    /// @param factory name of the `GatewayFilterFactory`, such as `AddRequestHeader`
    /// @param args its arguments by name: texts, numbers, booleans, and lists and maps of them
    public record Spec(String factory, Map<String, Object> args) {
        public Spec {
            args = Defaults.values(args);
        }
    }
}
