package dev.sluice.spring;

import dev.sluice.engine.Exchange;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// The paths of the application that filters of rules may forward requests to. The application's
/// handlers are those of the management port, too, and a caller of its dispatcher is past the
/// security of that port.
///
/// As the first mapping of the dispatcher it stops every request of a rule to another path,
/// whichever filter sends it there, and leaves the requests of the management port alone.
public final class ForwardTargets implements HandlerMapping, PriorityOrdered {

    private static final Logger LOG = LoggerFactory.getLogger(ForwardTargets.class);
    private static final String SCHEME = "forward:";

    private final Set<String> paths;

    /// @param paths compared as text with the path of a request, undecoded
    public ForwardTargets(Set<String> paths) {
        this.paths = Set.copyOf(paths);
    }

    /// Why a filter may not forward to a target; null when it may.
    @Nullable String problem(URI target) {
        String text = target.toString();
        return text.startsWith(SCHEME) && paths.contains(text.substring(SCHEME.length()))
                ? null
                : "\""
                        + text
                        + "\" is not forward: and a path of sluice.spring-filters.forwards, where"
                        + " an operator lists the handlers that filters may use";
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        String path = exchange.getRequest().getPath().value();
        if (!isOfARule(exchange) || paths.contains(path)) {
            return Mono.empty();
        }
        LOG.debug("{} is not in sluice.spring-filters.forwards", path);
        return Mono.error(
                new ResponseStatusException(HttpStatus.INTERNAL_SERVER_ERROR, BrokenFilter.ANSWER));
    }

    /// By its attribute, or by its request where a filter took the attribute away.
    private static boolean isOfARule(ServerWebExchange exchange) {
        return exchange.getAttribute(ForwardFilter.EXCHANGE) != null
                || exchange.getRequest() instanceof AbstractServerHttpRequest request
                        && request.<Object>getNativeRequest() instanceof Exchange;
    }
}
