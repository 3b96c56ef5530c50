package dev.sluice.gateway;

import dev.sluice.app.SluiceApplication;
import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.Loopback;
import dev.sluice.server.ServerSettings;
import dev.sluice.spring.RuleRoutes;
import dev.sluice.upstream.UpstreamSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The application, started once, for gateways whose rules all run through its Spring stage.
final class SpringStageFixture {

    /// Where a test may start a Redis; nothing listens there before.
    static final int REDIS_PORT = Loopback.freePort();

    private static final ConfigurableApplicationContext CONTEXT = start();

    private SpringStageFixture() {}

    private static ConfigurableApplicationContext start() {
        Leaks.watch();
        try {
            Path empty = Files.createTempDirectory("sluice");
            ConfigurableApplicationContext context =
                    new SpringApplicationBuilder(
                                    SluiceApplication.class, FailingGatewayFilterFactory.class)
                            .run(
                                    "--management.server.port=0",
                                    "--sluice.spring-stage=forced",
                                    "--spring.data.redis.port=" + REDIS_PORT,
                                    "--sluice.source.file.path=" + empty);
            empty.toFile().deleteOnExit();
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ConfigurableApplicationContext context() {
        return CONTEXT;
    }

    static TestGateway gateway() {
        return gateway(
                ServerSettings.DEFAULT, UpstreamSettings.DEFAULT, RulePolicies.NONE, Observer.NONE);
    }

    static TestGateway gateway(
            ServerSettings settings,
            UpstreamSettings upstream,
            RulePolicies policies,
            Observer observer) {
        RuleRoutes routes = CONTEXT.getBean(RuleRoutes.class);
        return new TestGateway(settings, upstream, routes::stage, policies, observer);
    }
}
