package dev.sluice.translate.gateway;

import dev.sluice.ir.ProxyProtocol;
import dev.sluice.resource.Gateway;
import dev.sluice.translate.status.Rejection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the ConfigMaps of a GatewayClass and of a Gateway say of the Service that is made, and of
/// ports. They are checked here, since the API server would only refuse that Service, which nobody
/// would see.
public final class GatewayParameters {

    static final String TYPE = "serviceType";
    static final String ANNOTATIONS = "serviceAnnotations";
    static final String TRAFFIC_POLICY = "externalTrafficPolicy";

    static final String PROXY = "proxyProtocol";
    static final String PROXY_PORTS = "proxyProtocolPorts";

    /// Which listeners take no path with hidden separators: `None`, `All`, or their names.
    static final String STRICT_PATHS = "strictPaths";

    private static final List<String> TYPES = List.of("LoadBalancer", "NodePort", "ClusterIP");
    private static final List<String> TRAFFIC_POLICIES = List.of("Cluster", "Local");
    private static final List<String> PROXY_MODES = List.of("None", "Optional", "Required");
    private static final List<String> WHOLE = List.of("None", "All");
    private static final Pattern NAMES = Pattern.compile("[-.a-z0-9]+(, ?[-.a-z0-9]+){0,63}+");
    private static final Pattern PORTS =
            Pattern.compile("[1-9][0-9]{0,4}(, ?[1-9][0-9]{0,4}){0,63}+");
    private static final Pattern PREFIX = Pattern.compile("[a-z0-9][-.a-z0-9]{0,252}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][-_.A-Za-z0-9]{0,62}");

    /// The API server's limit of all annotations of an object.
    private static final int LONGEST = 256 * 1024;

    private GatewayParameters() {}

    /// What is wrong with the first wrong one, null when all are right.
    ///
    /// @param field where the ConfigMap is named
    public static @Nullable Rejection check(String field, Map<String, String> data) {
        for (Map.Entry<String, String> each : new TreeMap<>(data).entrySet()) {
            String wrong = wrong(each.getKey(), each.getValue());
            if (wrong != null) {
                return invalid(field, each.getKey(), wrong);
            }
        }
        return data.containsKey(TRAFFIC_POLICY) && "ClusterIP".equals(data.get(TYPE))
                ? invalid(field, TRAFFIC_POLICY, "has no effect with serviceType ClusterIP")
                : null;
    }

    /// What connections of a port begin with, null for nothing.
    ///
    /// @param parameters that were checked
    static @Nullable ProxyProtocol proxyProtocol(Map<String, String> parameters, int port) {
        String mode = parameters.getOrDefault(PROXY, "None");
        String ports = parameters.get(PROXY_PORTS);
        if (mode.equals("None")
                || ports != null && !List.of(ports.split(", ?", -1)).contains("" + port)) {
            return null;
        }
        return ProxyProtocol.valueOf(mode.toUpperCase(Locale.ROOT));
    }

    /// That a name of [#STRICT_PATHS] is none of the Gateway's listeners: no misspelt name leaves
    /// one as it was.
    ///
    /// @param parameters that were checked
    static @Nullable Rejection checkNames(
            Map<String, String> parameters, List<Gateway.Listener> listeners) {
        String value = parameters.getOrDefault(STRICT_PATHS, "None");
        List<String> known = listeners.stream().map(Gateway.Listener::name).toList();
        return WHOLE.contains(value)
                ? null
                : names(value).stream()
                        .filter(name -> !known.contains(name))
                        .findFirst()
                        .map(name ->
                                invalid(
                                        "parameters: ",
                                        STRICT_PATHS,
                                        "there is no listener \""
                                                + name
                                                + "\"; there are "
                                                + known))
                        .orElse(null);
    }

    /// Whether a listener takes no path with hidden separators.
    ///
    /// @param parameters that were checked
    /// @param name of a listener of the Gateway itself, null for one of a ListenerSet
    static boolean strictPaths(Map<String, String> parameters, @Nullable String name) {
        String value = parameters.getOrDefault(STRICT_PATHS, "None");
        return value.equals("All") || name != null && names(value).contains(name);
    }

    private static List<String> names(String value) {
        return List.of(value.split(", ?", -1));
    }

    private static Rejection invalid(String field, String key, String wrong) {
        return new Rejection("InvalidParameters", field + key + ": " + wrong);
    }

    private static @Nullable String oneOf(List<String> values, String value) {
        return values.contains(value)
                ? null
                : "\"" + shortened(value) + "\" is not one of " + values;
    }

    private static @Nullable String wrong(String key, String value) {
        return switch (key) {
            case TYPE -> oneOf(TYPES, value);
            case TRAFFIC_POLICY -> oneOf(TRAFFIC_POLICIES, value);
            case PROXY -> oneOf(PROXY_MODES, value);
            case PROXY_PORTS ->
                    PORTS.matcher(value).matches()
                            ? null
                            : "\"" + shortened(value) + "\" is not a list such as \"80, 443\"";
            case STRICT_PATHS ->
                    WHOLE.contains(value) || NAMES.matcher(value).matches()
                            ? null
                            : "\""
                                    + shortened(value)
                                    + "\" is neither None nor All, nor names of listeners such as"
                                    + " \"web, admin\"";
            case ANNOTATIONS ->
                    value.length() > LONGEST
                            ? value.length() + " characters are more than " + LONGEST
                            : value.lines()
                                    .map(GatewayParameters::wrong)
                                    .filter(wrong -> !wrong.isEmpty())
                                    .findFirst()
                                    .orElse(null);
            default ->
                    "is not one of "
                            + List.of(
                                    TRAFFIC_POLICY,
                                    PROXY,
                                    PROXY_PORTS,
                                    ANNOTATIONS,
                                    TYPE,
                                    STRICT_PATHS);
        };
    }

    /// What is wrong with a line of annotations, empty when nothing is.
    private static String wrong(String line) {
        if (line.isBlank()) {
            return "";
        }
        int colon = line.indexOf(':');
        String key = colon < 0 ? line : line.substring(0, colon).strip();
        int slash = key.indexOf('/');
        boolean good =
                colon > 0
                        && NAME.matcher(key.substring(slash + 1)).matches()
                        && (slash < 0 || PREFIX.matcher(key.substring(0, slash)).matches());
        return good ? "" : "\"" + shortened(line) + "\" is not \"name: value\"";
    }

    private static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
