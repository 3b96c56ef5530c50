package dev.sluice.admin;

import dev.sluice.control.ControlLoop;
import dev.sluice.ir.Backend;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.Port;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.ValueMatch;
import dev.sluice.route.Explain;
import dev.sluice.route.Explanation;
import dev.sluice.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/// `/actuator/explain`: which rule takes a request, and why not the others.
@Endpoint(id = "explain")
public final class ExplainEndpoint {

    private final ControlLoop loop;

    public ExplainEndpoint(ControlLoop loop) {
        this.loop = loop;
    }

    /// The answer of one Gateway's port.
    ///
    /// @param port `namespace/gateway:port`
    /// @param listeners those that take the host first, each with the reason
    /// @param rule what serves the request, null when it is answered with 404
    /// @param candidates in order of precedence, each with its outcome
    public record Answer(
            String port,
            List<String> listeners,
            @Nullable Rule rule,
            List<Candidate> candidates,
            int candidatesTotal) {}

    /// A rule.
    ///
    /// @param id as in `/actuator/gateway/routes`
    /// @param match the alternative that took the request
    /// @param filters in the order in which they were written
    /// @param springStage whether requests run through the Spring stage
    public record Rule(
            String id,
            String match,
            List<String> filters,
            boolean springStage,
            List<Target> backends) {}

    /// A backend.
    ///
    /// @param weight share among the weights of the rule
    /// @param to an upstream, or why there is none
    /// @param endpoints that are ready
    public record Target(int weight, String to, List<String> endpoints) {}

    /// A match of a rule.
    ///
    /// @param outcome `wins`, `outranked: …`, `fails: …`
    public record Candidate(String rule, String hostname, String match, String outcome) {}

    /// @param url `http://host[:port]/path?query`; the port selects the Gateways that are asked
    /// @param method `GET` where none is given
    /// @param header fields as `Name: value`
    @ReadOperation
    public List<Answer> explain(
            String url, @Nullable String method, @Nullable List<String> header) {
        AskedRequest request;
        try {
            request =
                    AskedRequest.of(
                            method == null ? "GET" : method,
                            url,
                            header == null ? List.of() : header);
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            throw new InvalidEndpointRequestException(reason, reason);
        }
        Configuration configuration = loop.applied().configuration();
        return configuration.ports().stream()
                .filter(port -> port.number() == request.port())
                .map(port -> answer(request, port, configuration))
                .toList();
    }

    private static Answer answer(AskedRequest request, Port port, Configuration configuration) {
        Explanation found = Explain.explain(request, RouteTable.compile(port, rule -> rule));
        return new Answer(
                port.id(),
                found.listeners().stream()
                        .map(each -> each.listener().name() + ": " + each.reason())
                        .toList(),
                found.winner().map(step -> rule(step, configuration)).orElse(null),
                found.candidates().stream().map(ExplainEndpoint::candidate).toList(),
                found.totals().candidates());
    }

    private static Rule rule(Explanation.Step step, Configuration configuration) {
        HttpRule rule = step.rule();
        return new Rule(
                rule.origin().id(),
                text(step.match()),
                rule.filters().stream().map(ExplainEndpoint::text).toList(),
                rule.filters().stream().anyMatch(HttpFilter.Spring.class::isInstance),
                rule.backends().stream().map(each -> target(each, configuration)).toList());
    }

    private static Target target(Backend backend, Configuration configuration) {
        return switch (backend) {
            case Backend.Forward(int weight, String id, var filters) -> {
                Upstream upstream = configuration.upstreams().get(id);
                List<String> endpoints =
                        upstream == null
                                ? List.of()
                                : upstream.endpoints().stream()
                                        .map(Upstream.Endpoint::toString)
                                        .toList();
                yield new Target(weight, id, endpoints);
            }
            case Backend.Invalid(int weight, int status, String message) ->
                    new Target(weight, status + ": " + message, List.of());
        };
    }

    private static String text(HttpFilter filter) {
        return switch (filter) {
            case HttpFilter.Spring spring ->
                    "Spring " + spring.factory() + " (GatewayFilter " + spring.name() + ")";
            case HttpFilter.Mirror mirror -> "Mirror to " + mirror.upstream();
            case HttpFilter.RequestHeaders _,
                    HttpFilter.ResponseHeaders _,
                    HttpFilter.Redirect _,
                    HttpFilter.Rewrite _,
                    HttpFilter.Cors _ ->
                    filter.getClass().getSimpleName();
        };
    }

    private static Candidate candidate(Explanation.Step step) {
        String outcome =
                switch (step.outcome()) {
                    case Explanation.Wins() -> "wins";
                    case Explanation.Outranked(String reason) -> "outranked: " + reason;
                    case Explanation.Fails(var part, String reason) -> "fails: " + reason;
                    case Explanation.GivesUp(String reason) -> "gives up: " + reason;
                };
        return new Candidate(
                step.rule().origin().id(), step.hostname().toString(), text(step.match()), outcome);
    }

    private static String text(HttpMatch match) {
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
        match.headers().forEach(each -> parts.add("header " + text(each)));
        match.query().forEach(each -> parts.add("query " + text(each)));
        return String.join(", ", parts);
    }

    private static String text(ValueMatch match) {
        return match.name() + (match.regex() ? " matches " : " is ") + match.value();
    }
}
