package dev.sluice.spring;

import dev.sluice.engine.ForwardInterceptor;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.handler.AsyncPredicate;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/// Every rule as a Spring Cloud Gateway [Route]: what `/actuator/gateway/routes` shows. The engine
/// finds the rule of a request by its own table; the routes carry the filters of the Spring stage.
public final class RuleRoutes implements RouteLocator {

    private static final Logger LOG = LoggerFactory.getLogger(RuleRoutes.class);
    private static final URI ENGINE = URI.create("sluice://engine");

    private final SpringFilters filters;
    private final SpringStage.Beans beans;
    private final boolean forced;
    private volatile Configuration shown = Configuration.EMPTY;

    /// Those with filters of Spring's, which are made once. By instance: translation keeps that of
    /// a rule which did not change.
    private final Map<HttpRule, Route> staged =
            Collections.synchronizedMap(new IdentityHashMap<>());

    /// @param forced whether rules without Spring filters run through the Spring stage, too
    public RuleRoutes(SpringFilters filters, SpringStage.Beans beans, boolean forced) {
        this.filters = filters;
        this.beans = beans;
        this.forced = forced;
    }

    @Override
    public Flux<Route> getRoutes() {
        return Flux.defer(() -> {
            Set<HttpRule> rules = Collections.newSetFromMap(new IdentityHashMap<>());
            return Flux.fromStream(shown.rules().filter(rules::add).map(this::route));
        });
    }

    /// Shows the rules of a configuration.
    ///
    /// @param gone rules that it does not have any more
    public void publish(Configuration configuration, Set<HttpRule> gone) {
        shown = configuration;
        gone.forEach(staged::remove);
    }

    /// The Spring stage of a rule; null for an express rule.
    ///
    /// @return a stage that fails each request when a filter cannot be made: never one without it
    public @Nullable ForwardInterceptor stage(HttpRule rule) {
        return isStaged(rule) ? new SpringStage(route(rule), beans) : null;
    }

    private boolean isStaged(HttpRule rule) {
        return forced || rule.filters().stream().anyMatch(HttpFilter.Spring.class::isInstance);
    }

    private Route route(HttpRule rule) {
        return isStaged(rule) ? staged.computeIfAbsent(rule, this::fresh) : fresh(rule);
    }

    private Route fresh(HttpRule rule) {
        List<GatewayFilter> made;
        try {
            made = filters.of(rule);
        } catch (RuntimeException e) {
            LOG.error("{}: {}", rule.origin(), e.getMessage());
            made = List.of(new BrokenFilter(String.valueOf(e.getMessage())));
        }
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("kind", rule.origin().kind());
        metadata.put("namespace", rule.origin().namespace());
        metadata.put("name", rule.origin().name());
        metadata.put("rule", rule.origin().rule());
        metadata.put("springStage", stageReason(rule));
        return Route.async()
                .id(rule.origin().id())
                .uri(ENGINE)
                .asyncPredicate(new RulePredicate(rule.matches()))
                .replaceFilters(made)
                .metadata(metadata)
                .build();
    }

    private String stageReason(HttpRule rule) {
        List<String> names =
                rule.filters().stream()
                        .filter(HttpFilter.Spring.class::isInstance)
                        .map(filter -> ((HttpFilter.Spring) filter).name())
                        .toList();
        if (!names.isEmpty()) {
            return "yes: ExtensionRef " + String.join(", ", names);
        }
        return forced ? "yes: forced" : "no: express";
    }

    /// The rule's matches as text. The route table of the engine decides, never this.
    private record RulePredicate(List<HttpMatch> matches)
            implements AsyncPredicate<ServerWebExchange> {
        @Override
        public org.reactivestreams.Publisher<Boolean> apply(ServerWebExchange exchange) {
            return reactor.core.publisher.Mono.just(false);
        }

        @Override
        public String toString() {
            return String.join(" or ", matches.stream().map(RulePredicate::text).toList());
        }

        private static String text(HttpMatch match) {
            StringBuilder text = new StringBuilder();
            text.append(match.path().getClass().getSimpleName())
                    .append(' ')
                    .append(match.path().value());
            if (match.method() != null) {
                text.append(", method ").append(match.method());
            }
            match.headers()
                    .forEach(h ->
                            text.append(", header ")
                                    .append(h.name())
                                    .append('=')
                                    .append(h.value()));
            match.query()
                    .forEach(q ->
                            text.append(", query ").append(q.name()).append('=').append(q.value()));
            return text.toString();
        }
    }
}
