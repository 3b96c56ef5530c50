package dev.sluice.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.settings.SpringFilterProperties;
import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.ir.HttpFilter;
import dev.sluice.spring.ClientAddressKey;
import dev.sluice.spring.FilterPermissions;
import dev.sluice.spring.ForwardTargets;
import dev.sluice.spring.SpringFilters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;

/// What GatewayFilters may use of the application.
class FilterPermissionsTest {

    private static final SpringFilterProperties DEFAULTS =
            new Binder(new MapConfigurationPropertySource(Map.of()))
                    .bindOrCreate("sluice.spring-filters", SpringFilterProperties.class);

    private final ApplicationContext context = SpringStageFixture.context();

    private String problem(Set<String> packages, String factory, Map<String, String> args) {
        return filters(packages).problem(new HttpFilter.Spring("f", factory, args)).orElse("");
    }

    private SpringFilters filters(Set<String> packages) {
        return new SpringFilters(
                factories(),
                context.getBean(ConfigurationService.class),
                new FilterPermissions(
                        DEFAULTS.allowed(),
                        packages,
                        new ForwardTargets(Set.of("/sorry")),
                        Map.of("byAddress", new ClientAddressKey())));
    }

    private List<GatewayFilterFactory<?>> factories() {
        return context
                .<GatewayFilterFactory<?>>getBeanProvider(
                        ResolvableType.forClass(GatewayFilterFactory.class))
                .stream()
                .toList();
    }

    /// Those that take the name of a class, forward to an address that a client names, hold memory
    /// of their own, or work in applications that log in by Spring Security only.
    @Test
    void defaults_areAllFactoriesButThese() {
        assertThat(factories())
                .extracting(GatewayFilterFactory::name)
                .filteredOn(name -> !DEFAULTS.allowed().contains(name))
                .containsExactlyInAnyOrder(
                        "CacheRequestBody",
                        "Failing",
                        "LocalResponseCache",
                        "ModifyRequestBody",
                        "ModifyResponseBody",
                        "RequestHeaderToRequestUri",
                        "SaveSession",
                        "SetRequestUri");
    }

    @Test
    void factoryOutsideTheList_isRefusedBySetting() {
        assertThat(problem(Set.of(), "CacheRequestBody", Map.of("bodyClass", "java.lang.String")))
                .isEqualTo(
                        "GatewayFilter f: filter factory \"CacheRequestBody\" is not in"
                                + " sluice.spring-filters.allowed, and its package"
                                + " org.springframework.cloud.gateway.filter.factory not in"
                                + " sluice.spring-filters.packages");
    }

    @Test
    void ownFactory_isAllowedByItsPackage() {
        assertThat(problem(Set.of("dev.sluice.fixture"), "Failing", Map.of())).isEmpty();
        assertThat(problem(Set.of("dev.sluice.fixture.gateway"), "Failing", Map.of())).isEmpty();
        assertThat(problem(Set.of("dev.sluice.fix"), "Failing", Map.of()))
                .contains("sluice.spring-filters.packages");
    }

    @Test
    void unknownFactory_isRefusedWithThoseThereAre() {
        assertThat(problem(Set.of(), "AddRequestHeadr", Map.of()))
                .startsWith("GatewayFilter f: there is no filter factory \"AddRequestHeadr\"; ")
                .contains("AddRequestHeader,")
                .doesNotContain("Failing");
    }

    @Test
    void fallback_isRefusedBySetting() {
        assertThat(problem(Set.of(), "CircuitBreaker", breaker("forward:/sorry"))).isEmpty();
        assertThat(problem(Set.of(), "CircuitBreaker", breaker("forward:/actuator/health")))
                .isEqualTo(
                        "GatewayFilter f: args: fallbackUri: \"forward:/actuator/health\" is not"
                                + " forward: and a path of sluice.spring-filters.forwards, where an"
                                + " operator lists the handlers that filters may use");
    }

    private static Map<String, String> breaker(String fallback) {
        return Map.of("name", "permitted", "fallbackUri", fallback);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keyResolver", "key-resolver", "key_resolver", "KEYRESOLVER"})
    void keyResolver_isOneOfTheOperatorsList(String name) {
        assertThat(problem(Set.of(), "RequestRateLimiter", Map.of(name, "byAddress"))).isEmpty();
        assertThat(
                        problem(
                                Set.of(),
                                "RequestRateLimiter",
                                Map.of(name, "clientAddressKeyResolver")))
                .isEqualTo(
                        "GatewayFilter f: args: keyResolver: \"clientAddressKeyResolver\" is not in"
                                + " sluice.spring-filters.key-resolvers; there are [byAddress]");
        assertThat(problem(Set.of(), "RequestRateLimiter", Map.of(name, "#{@byAddress}")))
                .contains("is an expression; they are not evaluated")
                .contains("sluice.spring-filters.key-resolvers");
    }

    /// Spring's own way would have found the bean.
    @Test
    void expression_isNotEvaluated() {
        assertThat(problem(Set.of(), "AddRequestHeader", header("#{@forwardFilter}")))
                .startsWith("GatewayFilter f: args: value: \"#{@forwardFilter}\" is an expression");
        assertThat(problem(Set.of(), "AddRequestHeader", header("a #{@forwardFilter}"))).isEmpty();
    }

    private static Map<String, String> header(String value) {
        return Map.of("name", "x-a", "value", value);
    }
}
