package dev.sluice.app;

import dev.sluice.policy.auth.oidc.SessionLink;
import dev.sluice.policy.ratelimit.RedisLink;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.Delay;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/// Redis, as `spring.data.redis.*` says. Nothing connects to it before a policy or filter needs it.
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

    /// How long after a connection broke, or could not be made, it is tried again.
    private static final Duration AGAIN = Duration.ofMillis(500);

    @Bean(destroyMethod = "close")
    @Conditional(OnRedis.class)
    RedisLink redisLink(LettuceConnectionFactory factory, MeterRegistry registry) {
        return new RedisLink(() -> connect(factory.getRequiredNativeClient()), registry);
    }

    @Bean(destroyMethod = "close")
    @Conditional(OnRedis.class)
    SessionLink sessionLink(LettuceConnectionFactory factory, MeterRegistry registry) {
        return new SessionLink(() -> connect(factory.getRequiredNativeClient()), registry);
    }

    private static StatefulConnection<String, String> connect(AbstractRedisClient client) {
        return switch (client) {
            case RedisClusterClient cluster -> cluster.connect(StringCodec.UTF8);
            case RedisClient one -> one.connect(StringCodec.UTF8);
            default -> throw new IllegalStateException("no client for data: " + client);
        };
    }

    /// By default the pause grows to half a minute.
    @Bean
    ClientResourcesBuilderCustomizer redisReconnects() {
        return resources -> resources.reconnectDelay(Delay.constant(AGAIN));
    }

    /// Commands do not wait for a connection: what they would count is over by then.
    @Bean
    LettuceClientOptionsBuilderCustomizer redisFailsAtOnce() {
        return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }

    /// Whether settings say where Redis is; by itself Boot would take that of this machine.
    static final class OnRedis extends SpringBootCondition {

        private static final List<String> PLACES =
                List.of("host", "url", "sentinel", "cluster", "masterreplica");

        @Override
        public ConditionOutcome getMatchOutcome(
                ConditionContext context, AnnotatedTypeMetadata metadata) {
            Set<String> settings =
                    Binder.get(context.getEnvironment())
                            .bind("spring.data.redis", Bindable.mapOf(String.class, String.class))
                            .orElseGet(Map::of)
                            .keySet();
            boolean isSet = settings.stream().anyMatch(OnRedis::isPlace);
            return new ConditionOutcome(isSet, ConditionMessage.of("spring.data.redis is set"));
        }

        private static boolean isPlace(String setting) {
            return PLACES.stream().anyMatch(setting::startsWith);
        }
    }
}
