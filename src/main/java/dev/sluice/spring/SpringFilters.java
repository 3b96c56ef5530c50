package dev.sluice.spring;

import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.cloud.gateway.event.FilterArgsEvent;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.cloud.gateway.support.HasRouteId;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/// Makes Spring Cloud Gateway filters of a rule's `ExtensionRef` filters, by the factories that the
/// application has.
public final class SpringFilters {

    private final Map<String, GatewayFilterFactory<?>> factories = new TreeMap<>();
    private final ConfigurationService configuration;

    /// @param allowed names of factories that may be used; a star for all
    public SpringFilters(
            List<GatewayFilterFactory<?>> factories,
            ConfigurationService configuration,
            Set<String> allowed) {
        boolean any = allowed.contains("*");
        for (GatewayFilterFactory<?> factory : factories) {
            if (any || allowed.contains(factory.name())) {
                this.factories.put(factory.name(), factory);
            }
        }
        this.configuration = configuration;
    }

    /// The filters of a rule, in the order in which they run.
    ///
    /// @throws IllegalArgumentException when a factory is unknown or refuses its arguments
    List<GatewayFilter> of(HttpRule rule) {
        List<GatewayFilter> filters = new ArrayList<>();
        for (HttpFilter filter : rule.filters()) {
            if (filter instanceof HttpFilter.Spring spring) {
                GatewayFilter made = make(rule.origin().id(), spring);
                filters.add(
                        made instanceof Ordered
                                ? made
                                : new OrderedGatewayFilter(made, filters.size() + 1));
            }
        }
        AnnotationAwareOrderComparator.sort(filters);
        return filters;
    }

    /// Why a filter cannot be made; empty when it can.
    public Optional<String> problem(HttpFilter.Spring filter) {
        try {
            make("check", filter);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private GatewayFilter make(String routeId, HttpFilter.Spring spring) {
        GatewayFilterFactory<?> factory = factories.get(spring.factory());
        if (factory == null) {
            throw new IllegalArgumentException(
                    "GatewayFilter "
                            + spring.name()
                            + ": there is no allowed filter factory \""
                            + spring.factory()
                            + "\"; there are "
                            + factories.keySet());
        }
        return apply(factory, routeId, spring);
    }

    private <C> GatewayFilter apply(
            GatewayFilterFactory<C> factory, String routeId, HttpFilter.Spring spring) {
        C bound =
                configuration
                        .with(factory)
                        .name(spring.factory())
                        .properties(spring.args())
                        // Rate limiters take their settings from this event.
                        .eventFunction((_, args) -> new FilterArgsEvent(this, routeId, args))
                        .bind();
        if (bound instanceof HasRouteId named) {
            named.setRouteId(routeId);
        }
        return factory.apply(bound);
    }
}
