package dev.sluice.spring;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;

/// What GatewayFilters of tenants may use of the application.
///
/// @param factories names of filter factories; a star for all
/// @param packages whose filter factories may be used as well, with the packages inside them
/// @param forwards where a filter may forward requests to inside the application
/// @param keyResolvers what a rate limiter may count by, by the names of their beans
public record FilterPermissions(
        Set<String> factories,
        Set<String> packages,
        ForwardTargets forwards,
        Map<String, KeyResolver> keyResolvers) {

    public FilterPermissions {
        factories = Set.copyOf(factories);
        packages = Set.copyOf(packages);
        keyResolvers = Collections.unmodifiableMap(new TreeMap<>(keyResolvers));
    }

    /// Why a factory may not be used; null when it may.
    @Nullable String problem(GatewayFilterFactory<?> factory) {
        String home = AopUtils.getTargetClass(factory).getPackageName();
        boolean allowed =
                factories.contains("*")
                        || factories.contains(factory.name())
                        || packages.stream().anyMatch(each -> (home + ".").startsWith(each + "."));
        return allowed
                ? null
                : "filter factory \""
                        + factory.name()
                        + "\" is not in sluice.spring-filters.allowed, and its package "
                        + home
                        + " not in sluice.spring-filters.packages";
    }

    /// What a rate limiter counts by.
    ///
    /// @throws IllegalArgumentException when the list of the operator does not have it
    KeyResolver keyResolver(Object name) {
        KeyResolver known = keyResolvers.get(name.toString());
        if (known == null) {
            throw new IllegalArgumentException(
                    "args: keyResolver: \""
                            + name
                            + "\" is not in sluice.spring-filters.key-resolvers; there are "
                            + keyResolvers.keySet());
        }
        return known;
    }
}
