package dev.sluice.app;

import dev.sluice.admin.ManagedRoutes;
import dev.sluice.admin.RoutesController;
import dev.sluice.app.settings.RoutesProperties;
import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.control.ControlLoop;
import dev.sluice.spring.SpringFilters;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.server.SecurityWebFilterChain;
import reactor.core.publisher.Mono;

/// Routes that are made at run time, by those who know the password. Off unless asked for.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "sluice.routes.writes", havingValue = "true")
@EnableWebFluxSecurity
class RouteWritesConfiguration {

    @Bean
    RoutesController routesController(
            SluiceProperties properties, ControlLoop loop, SpringFilters filters) {
        return new RoutesController(
                new ManagedRoutes(properties.routes().path(), loop, filters::problem));
    }

    /// Reads stay as open as they are without: every client of the management port may read.
    @Bean
    SecurityWebFilterChain writesNeedAuthentication(
            ServerHttpSecurity security, SluiceProperties properties) {
        return security.authorizeExchange(exchanges ->
                        exchanges
                                .pathMatchers(HttpMethod.GET, "/**")
                                .permitAll()
                                .pathMatchers(HttpMethod.HEAD, "/**")
                                .permitAll()
                                .anyExchange()
                                .authenticated())
                .httpBasic(Customizer.withDefaults())
                // There are no sessions, and no cookies that a forged request could ride on.
                .csrf(ServerHttpSecurity.CsrfSpec::disable)
                .authenticationManager(manager(properties.routes()))
                .build();
    }

    private static ReactiveAuthenticationManager manager(RoutesProperties routes) {
        String password = routes.password();
        if (password == null || password.isEmpty()) {
            throw new IllegalStateException(
                    "sluice.routes.password is required where sluice.routes.writes is true");
        }
        return asked -> {
            String given = String.valueOf(asked.getCredentials());
            return isSame(routes.username() + ":" + password, asked.getName() + ":" + given)
                    ? Mono.just(
                            UsernamePasswordAuthenticationToken.authenticated(
                                    asked.getName(), given, AuthorityUtils.NO_AUTHORITIES))
                    : Mono.error(new BadCredentialsException("wrong name or password"));
        };
    }

    /// In the same time whatever they have in common.
    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
