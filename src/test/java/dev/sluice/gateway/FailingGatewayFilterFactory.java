package dev.sluice.gateway;

import dev.sluice.gateway.Fault.Unexpected;
import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import reactor.core.publisher.Mono;

/// A filter of a user that fails, on the way in or on the way out.
class FailingGatewayFilterFactory
        extends AbstractGatewayFilterFactory<FailingGatewayFilterFactory.Config> {

    /// With what it fails, and whether only when the backend has answered.
    static class Config {
        private Unexpected error = Unexpected.RUNTIME_EXCEPTION;
        private boolean late;

        Unexpected getError() {
            return error;
        }

        void setError(Unexpected error) {
            this.error = error;
        }

        boolean isLate() {
            return late;
        }

        void setLate(boolean late) {
            this.late = late;
        }
    }

    FailingGatewayFilterFactory() {
        super(Config.class);
    }

    @Override
    public List<String> shortcutFieldOrder() {
        return List.of("error", "late");
    }

    @Override
    public GatewayFilter apply(Config config) {
        return (exchange, chain) -> {
            if (!exchange.getRequest().getHeaders().containsHeader("x-fail")) {
                return chain.filter(exchange);
            }
            if (config.isLate()) {
                return chain.filter(exchange).then(Mono.fromRunnable(config.getError()::fail));
            }
            config.getError().fail();
            return Mono.empty();
        };
    }
}
