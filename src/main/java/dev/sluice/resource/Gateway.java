package dev.sluice.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `gateway.networking.k8s.io/v1` Gateway.
public record Gateway(Metadata metadata, Spec spec) implements ListenerOwner {

    public static final String GROUP = "gateway.networking.k8s.io";

    /// @param gatewayClassName the class
    /// @param listeners at least one
    /// @param addresses wanted addresses
    /// @param allowedListeners which ListenerSets may add listeners, null for none
    /// @param tls TLS settings of the whole Gateway
    public record Spec(
            String gatewayClassName,
            List<Listener> listeners,
            List<Address> addresses,
            @Nullable Infrastructure infrastructure,
            @Nullable AllowedListeners allowedListeners,
            @Nullable GatewayTls tls) {
        public Spec {
            listeners = Defaults.list(listeners);
            addresses = Defaults.list(addresses);
        }
    }

    /// What is made for the Gateway gets these.
    public record Infrastructure(
            Map<String, String> labels,
            Map<String, String> annotations,
            @Nullable ParametersRef parametersRef) {
        public static final Infrastructure NONE = new Infrastructure(Map.of(), Map.of(), null);

        public Infrastructure {
            labels = Defaults.labels(labels);
            annotations = Defaults.labels(annotations);
        }
    }

    public record ParametersRef(String group, String kind, String name) {}

    public record AllowedListeners(@Nullable RouteNamespaces namespaces) {}

    /// @param backend towards backends
    /// @param frontend towards clients
    public record GatewayTls(@Nullable BackendTls backend, @Nullable FrontendTls frontend) {}

    public record BackendTls(@Nullable SecretRef clientCertificateRef) {}

    /// @param byDefault for ports without an entry of their own
    public record FrontendTls(
            @JsonProperty("default") @Nullable TlsConfig byDefault, List<PortTls> perPort) {
        public FrontendTls {
            perPort = Defaults.list(perPort);
        }
    }

    public record PortTls(int port, TlsConfig tls) {}

    public record TlsConfig(@Nullable Validation validation) {}

    /// @param mode `AllowValidOnly` or `AllowInsecureFallback`
    public record Validation(List<SecretRef> caCertificateRefs, String mode) {
        public Validation {
            caCertificateRefs = Defaults.list(caCertificateRefs);
            mode = Defaults.text(mode, "AllowValidOnly");
        }
    }

    /// @param type `IPAddress`, `Hostname` or another
    /// @param value empty to let the implementation choose
    public record Address(String type, String value) {
        public Address {
            type = Defaults.text(type, "IPAddress");
            value = Defaults.text(value, "");
        }
    }

    /// @param name unique in the Gateway
    /// @param hostname empty for all hosts
    /// @param port 1 to 65535
    /// @param protocol `HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP` or another
    public record Listener(
            String name,
            String hostname,
            int port,
            String protocol,
            @Nullable ListenerTls tls,
            AllowedRoutes allowedRoutes) {
        public Listener {
            hostname = Defaults.text(hostname, "");
            allowedRoutes = allowedRoutes == null ? AllowedRoutes.SAME : allowedRoutes;
        }
    }

    /// @param mode `Terminate` or `Passthrough`
    public record ListenerTls(String mode, List<SecretRef> certificateRefs) {
        public ListenerTls {
            mode = Defaults.text(mode, "Terminate");
            certificateRefs = Defaults.list(certificateRefs);
        }
    }

    public record SecretRef(String group, String kind, String name, @Nullable String namespace) {
        public SecretRef {
            group = Defaults.text(group, "");
            kind = Defaults.text(kind, "Secret");
        }
    }

    public record AllowedRoutes(RouteNamespaces namespaces, List<RouteKind> kinds) {
        static final AllowedRoutes SAME =
                new AllowedRoutes(new RouteNamespaces("Same", null), List.of());

        public AllowedRoutes {
            namespaces = namespaces == null ? new RouteNamespaces("Same", null) : namespaces;
            kinds = Defaults.list(kinds);
        }
    }

    /// @param from `All`, `Same`, `Selector` or `None`
    public record RouteNamespaces(String from, @Nullable LabelSelector selector) {
        public RouteNamespaces {
            from = Defaults.text(from, "Same");
        }
    }

    public record RouteKind(String group, String kind) {
        public RouteKind {
            group = Defaults.text(group, GROUP);
        }
    }

    public record LabelSelector(
            Map<String, String> matchLabels, List<Requirement> matchExpressions) {
        public LabelSelector {
            matchLabels = Defaults.labels(matchLabels);
            matchExpressions = Defaults.list(matchExpressions);
        }

        /// Whether an object with these labels is selected.
        public boolean matches(Map<String, String> labels) {
            return matchLabels.entrySet().stream()
                            .allMatch(want -> want.getValue().equals(labels.get(want.getKey())))
                    && matchExpressions.stream().allMatch(want -> want.matches(labels));
        }
    }

    /// @param operator `In`, `NotIn`, `Exists` or `DoesNotExist`
    public record Requirement(String key, String operator, List<String> values) {
        public Requirement {
            values = Defaults.list(values);
        }

        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                default -> false;
            };
        }
    }
}
