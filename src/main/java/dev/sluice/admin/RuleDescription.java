package dev.sluice.admin;

import dev.sluice.dataplane.StageOrder;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.ValueMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Parts of rules as people read them.
final class RuleDescription {

    private RuleDescription() {}

    static String of(HttpMatch match) {
        List<String> parts = new ArrayList<>();
        if (match.method() != null) {
            parts.add(match.method());
        }
        parts.add(
                switch (match.path()) {
                    case PathMatch.Exact(String value) -> "path is " + value;
                    case PathMatch.Prefix(String value) -> "path is under " + value;
                    case PathMatch.Regex(String value) -> "path matches " + value;
                });
        match.headers().forEach(each -> parts.add("header " + of(each)));
        match.query().forEach(each -> parts.add("query " + of(each)));
        return String.join(", ", parts);
    }

    private static String of(ValueMatch match) {
        return match.name() + (match.regex() ? " matches " : " is ") + match.value();
    }

    /// Filters and policies in the order in which a request meets them.
    static List<String> filters(HttpRule rule, StageOrder order) {
        record Step(int place, String text) {}
        return Stream.concat(
                        rule.policies().stream().map(each -> new Step(order.of(each), of(each))),
                        rule.filters().stream().map(each -> new Step(order.of(each), of(each))))
                .sorted(Comparator.comparingInt(Step::place))
                .map(Step::text)
                .toList();
    }

    static List<String> policies(List<AttachedPolicy> policies) {
        return policies.stream().map(RuleDescription::of).toList();
    }

    private static String of(AttachedPolicy policy) {
        return policy.kind()
                + " "
                + policy.policy()
                + " of "
                + policy.target()
                + ": "
                + policy.section()
                + ", "
                + effect(policy)
                + part(":", policy.value().text());
    }

    /// The mode as users write it.
    private static String effect(AttachedPolicy policy) {
        if (policy.mode() != Mode.OFF
                && policy.value() instanceof PolicySection.Unusable(String message)) {
            return policy.mode() == Mode.SHADOW
                    ? "Shadow, not usable: " + message
                    : "not usable, answers 500: " + message;
        }
        return switch (policy.mode()) {
            case OFF -> "Off";
            case SHADOW -> "Shadow";
            case ENFORCE -> "Enforce";
        };
    }

    static String of(HttpFilter filter) {
        return switch (filter) {
            case HttpFilter.Spring(String name, String factory, var args) ->
                    "ExtensionRef " + name + ": Spring " + factory + " " + args;
            case HttpFilter.Mirror(String upstream, int part, int whole) ->
                    "RequestMirror: "
                            + (part == whole ? "all" : part + " of " + whole)
                            + " to "
                            + upstream;
            case HttpFilter.ExternalAuth(String upstream, var protocol, int maxBody) ->
                    "ExternalAuth: by "
                            + (protocol instanceof HttpFilter.AuthProtocol.Http ? "HTTP" : "gRPC")
                            + " at "
                            + upstream
                            + (maxBody == 0 ? "" : ", with up to " + maxBody + " bytes of body");
            case HttpFilter.RequestHeaders(var edit) -> "RequestHeaderModifier: " + of(edit);
            case HttpFilter.ResponseHeaders(var edit) -> "ResponseHeaderModifier: " + of(edit);
            case HttpFilter.Redirect redirect -> of(redirect);
            case HttpFilter.Rewrite(var hostname, var path) ->
                    "URLRewrite: " + joined(part("host", hostname), of(path));
            case HttpFilter.Cors cors -> "CORS: origins " + String.join(", ", cors.origins());
        };
    }

    private static String of(HttpFilter.HeaderEdit edit) {
        List<String> parts = new ArrayList<>();
        edit.set().forEach(field -> parts.add("set " + field.name() + ": " + field.value()));
        edit.add().forEach(field -> parts.add("add " + field.name() + ": " + field.value()));
        edit.remove().forEach(name -> parts.add("remove " + name));
        return String.join("; ", parts);
    }

    private static String of(HttpFilter.Redirect to) {
        Integer port = to.port();
        return "RequestRedirect: "
                + joined(
                        String.valueOf(to.status()),
                        part("scheme", to.scheme()),
                        part("host", to.hostname()),
                        part("port", port == null ? null : port.toString()),
                        of(to.path()));
    }

    private static String of(HttpFilter.@Nullable PathRewrite path) {
        return switch (path) {
            case null -> "";
            case HttpFilter.PathRewrite.Full(String value) -> "path " + value;
            case HttpFilter.PathRewrite.Prefix(String value) -> "path prefix " + value;
        };
    }

    private static String part(String name, @Nullable String value) {
        return value == null || value.isEmpty() ? "" : name + " " + value;
    }

    private static String joined(String... parts) {
        return String.join(", ", List.of(parts).stream().filter(each -> !each.isEmpty()).toList());
    }

    /// Why the Spring stage runs for a rule, or not.
    static String springStage(HttpRule rule, boolean forced) {
        List<String> names = new ArrayList<>();
        for (HttpFilter filter : rule.filters()) {
            if (filter instanceof HttpFilter.Spring spring) {
                names.add(spring.name());
            }
        }
        return names.isEmpty()
                ? forced ? "yes: forced" : "no: express"
                : "yes: ExtensionRef " + String.join(", ", names);
    }
}
