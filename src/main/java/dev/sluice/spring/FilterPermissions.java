package dev.sluice.spring;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;

/// What GatewayFilters of tenants may use of the application.
///
/// @param factories names of filter factories; a star for all
/// @param packages whose filter factories may be used as well, with the packages inside them
/// @param forwards where a filter may forward requests to inside the application
public record FilterPermissions(
        Set<String> factories, Set<String> packages, ForwardTargets forwards) {

    public FilterPermissions {
        factories = Set.copyOf(factories);
        packages = Set.copyOf(packages);
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
}
