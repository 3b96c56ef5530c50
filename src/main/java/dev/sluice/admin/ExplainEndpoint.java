package dev.sluice.admin;

import dev.sluice.dataplane.StageOrder;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.Backend;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import dev.sluice.ir.Timeouts;
import dev.sluice.ir.Upstream;
import dev.sluice.route.Explain;
import dev.sluice.route.Explanation;
import dev.sluice.route.ListenerTable;
import dev.sluice.route.OtherReading;
import dev.sluice.route.RouteTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/// `/actuator/explain`: which rule takes a request, and why not the others.
@Endpoint(id = "explain")
public final class ExplainEndpoint {

    private final Supplier<Configuration> configuration;
    private final boolean forced;
    private final StageOrder order;

    /// @param configuration what is served
    /// @param forced whether every rule runs through the Spring stage
    /// @param order of filters and policies
    public ExplainEndpoint(
            Supplier<Configuration> configuration, boolean forced, StageOrder order) {
        this.configuration = configuration;
        this.forced = forced;
        this.order = order;
    }

    /// The answer of one Gateway's port.
    ///
    /// @param port `namespace/gateway:port`
    /// @param listeners those that take the host first, each with the reason; the one that has the
    ///   request is marked with `*`
    /// @param refused why the request is answered with 400 although `rule` takes its path as it
    ///   stands; null when it is not
    /// @param rule what serves the request, null when it is answered with 404
    /// @param candidates in order of precedence, each with its outcome
    public record ExplainResponse(
            String port,
            List<String> listeners,
            @Nullable String refused,
            @Nullable ExplainedRule rule,
            List<ExplainedCandidate> candidates,
            int candidatesTotal) {}

    /// A rule.
    ///
    /// @param id as in `/actuator/gateway/routes`
    /// @param match the alternative that took the request
    /// @param filters and sections of policies in the order in which a request meets them
    /// @param springStage whether requests run through the Spring stage, and why
    /// @param timeouts of the whole request and of one try, where there are any
    /// @param retries how often a request is sent again, where it is
    public record ExplainedRule(
            String id,
            String match,
            List<String> filters,
            String springStage,
            @Nullable String timeouts,
            @Nullable Integer retries,
            List<ExplainedBackend> backends) {}

    /// A backend.
    ///
    /// @param weight share among the weights of the rule
    /// @param to an upstream, or why there is none
    /// @param policies that are in effect for it alone
    /// @param endpoints that are ready
    public record ExplainedBackend(
            int weight, String to, List<String> policies, List<String> endpoints) {}

    /// A match of a rule.
    ///
    /// @param outcome `wins`, `outranked: …`, `fails: …`
    public record ExplainedCandidate(String rule, String hostname, String match, String outcome) {}

    /// @param url `http://host[:port]/path?query`; the port selects the Gateways that are asked
    /// @param method `GET` where none is given
    /// @param header fields as `Name: value`
    @ReadOperation(producesFrom = Format.class)
    public WebEndpointResponse<Object> explain(
            String url, @Nullable String method, @Nullable List<String> header, Format format) {
        return format.response(Json.of(answers(url, method, header)));
    }

    /// One answer for each Gateway that listens on the port.
    List<ExplainResponse> answers(
            String url, @Nullable String method, @Nullable List<String> header) {
        ExplainRequest request;
        try {
            request =
                    ExplainRequest.of(
                            method == null ? "GET" : method,
                            url,
                            header == null ? List.of() : header);
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            throw new InvalidEndpointRequestException(reason, reason);
        }
        Configuration now = configuration.get();
        return now.ports().stream()
                .filter(port -> port.number() == request.port())
                .map(port -> answer(request, port, now))
                .toList();
    }

    private ExplainResponse answer(ExplainRequest request, Port port, Configuration now) {
        Explanation found = Explain.explain(request, RouteTable.compile(port, rule -> rule));
        return new ExplainResponse(
                port.id(),
                found.listeners().stream()
                        .map(each ->
                                (each.chosen() ? "* " : "")
                                        + each.listener().name()
                                        + ": "
                                        + each.reason())
                        .toList(),
                refused(found, request.path()),
                found.winner().map(step -> rule(step, now)).orElse(null),
                found.candidates().stream().map(ExplainEndpoint::candidate).toList(),
                found.totals().candidates());
    }

    private static @Nullable String refused(Explanation found, String path) {
        OtherReading other = found.otherReading();
        return found.listener()
                .filter(one -> ListenerTable.refuses(one, path))
                .map(one ->
                        one.name() + " has strictPaths: no path with ';', '%3B', '%2F' or '%5C'")
                .orElse(other == null ? null : other.reason());
    }

    private ExplainedRule rule(Explanation.Step step, Configuration now) {
        HttpRule rule = step.rule();
        return new ExplainedRule(
                rule.origin().id(),
                RuleDescription.of(step.match()),
                RuleDescription.filters(rule, order),
                RuleDescription.springStage(rule, forced),
                timeouts(rule.timeouts()),
                rule.retry() == null ? null : rule.retry().attempts(),
                rule.backends().stream().map(each -> target(each, now)).toList());
    }

    private static @Nullable String timeouts(Timeouts timeouts) {
        return timeouts.equals(Timeouts.NONE)
                ? null
                : "request "
                        + text(timeouts.request())
                        + ", backendRequest "
                        + text(timeouts.backendRequest());
    }

    private static String text(Duration limit) {
        return limit.isZero() ? "none" : limit.toMillis() + "ms";
    }

    private static ExplainedBackend target(Backend backend, Configuration now) {
        return switch (backend) {
            case Backend.Forward(int weight, String id, var filters, var policies, _) -> {
                Upstream upstream = now.upstreams().get(id);
                List<String> endpoints =
                        upstream == null
                                ? List.of()
                                : upstream.endpoints().stream()
                                        .map(Upstream.Endpoint::toString)
                                        .toList();
                List<AttachedPolicy> all = new ArrayList<>(policies);
                if (upstream != null) {
                    all.addAll(upstream.policies());
                }
                yield new ExplainedBackend(weight, id, RuleDescription.policies(all), endpoints);
            }
            case Backend.Invalid(int weight, int status, String message) ->
                    new ExplainedBackend(weight, status + ": " + message, List.of(), List.of());
        };
    }

    private static ExplainedCandidate candidate(Explanation.Step step) {
        String outcome =
                switch (step.candidateOutcome()) {
                    case Explanation.Wins() -> "wins";
                    case Explanation.Outranked(String reason) -> "outranked: " + reason;
                    case Explanation.Fails(var conditionKind, String reason) -> "fails: " + reason;
                    case Explanation.GivesUp(String reason) -> "gives up: " + reason;
                };
        return new ExplainedCandidate(
                step.rule().origin().id(),
                step.hostname().toString(),
                RuleDescription.of(step.match()),
                outcome);
    }
}
