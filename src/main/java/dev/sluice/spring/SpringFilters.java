package dev.sluice.spring;

import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpRule;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.beans.BeanUtils;
import org.springframework.cloud.gateway.event.FilterArgsEvent;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SpringCloudCircuitBreakerFilterFactory;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.cloud.gateway.support.HasRouteId;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/// Makes Spring Cloud Gateway filters of a rule's `ExtensionRef` filters, by the factories that the
/// application has.
public final class SpringFilters {

    private static final String KEY_RESOLVER = "keyResolver";

    private final Map<String, GatewayFilterFactory<?>> factories = new TreeMap<>();
    private final ConfigurationService configuration;
    private final FilterPermissions permissions;

    public SpringFilters(
            List<GatewayFilterFactory<?>> factories,
            ConfigurationService configuration,
            FilterPermissions permissions) {
        factories.forEach(factory -> this.factories.put(factory.name(), factory));
        this.configuration = configuration;
        this.permissions = permissions;
    }

    /// The filters of a rule, in the order in which they run.
    ///
    /// @throws IllegalArgumentException when a factory is unknown, not allowed, or refuses its
    ///   arguments
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
            throw refused(
                    spring,
                    "there is no filter factory \""
                            + spring.factory()
                            + "\"; there are "
                            + usable());
        }
        String problem = permissions.problem(factory);
        if (problem != null) {
            throw refused(spring, problem);
        }
        return apply(factory, routeId, spring);
    }

    private List<String> usable() {
        return factories.values().stream()
                .filter(factory -> permissions.problem(factory) == null)
                .map(GatewayFilterFactory::name)
                .toList();
    }

    private static IllegalArgumentException refused(HttpFilter.Spring spring, String problem) {
        return new IllegalArgumentException("GatewayFilter " + spring.name() + ": " + problem);
    }

    private <C> GatewayFilter apply(
            GatewayFilterFactory<C> factory, String routeId, HttpFilter.Spring spring) {
        C bound =
                configuration
                        .with(factory)
                        .name(spring.factory())
                        .normalizedProperties(arguments(factory, spring))
                        // Rate limiters take their settings from this event.
                        .eventFunction((_, args) -> new FilterArgsEvent(this, routeId, args))
                        .bind();
        if (bound instanceof HasRouteId named) {
            named.setRouteId(routeId);
        }
        checkForward(bound, spring);
        return factory.apply(bound);
    }

    private Map<String, Object> arguments(
            GatewayFilterFactory<?> factory, HttpFilter.Spring spring) {
        Map<String, Object> arguments;
        try {
            arguments = FilterArguments.of(spring.args(), factory);
            if (takesKeyResolver(factory.getConfigClass())) {
                arguments.replaceAll((name, value) ->
                        isKeyResolver(name) ? permissions.keyResolver(value) : value);
            }
        } catch (IllegalArgumentException e) {
            throw refused(spring, String.valueOf(e.getMessage()));
        }
        return arguments;
    }

    private static boolean takesKeyResolver(Class<?> settings) {
        return BeanUtils.findPropertyType(KEY_RESOLVER, settings) == KeyResolver.class;
    }

    /// In any of the spellings that bind to the field.
    private static boolean isKeyResolver(String argument) {
        return argument.replaceAll("[-_]", "").equalsIgnoreCase(KEY_RESOLVER);
    }

    /// Spring forwards to the path of a fallback, whatever its scheme.
    private void checkForward(Object bound, HttpFilter.Spring spring) {
        URI target =
                bound instanceof SpringCloudCircuitBreakerFilterFactory.Config breaker
                        ? breaker.getFallbackUri()
                        : null;
        String problem = target == null ? null : permissions.forwards().problem(target);
        if (problem != null) {
            throw refused(spring, "args: fallbackUri: " + problem);
        }
    }
}
