package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.LocalReply;
import dev.sluice.engine.Stage;
import dev.sluice.http.Failure;
import dev.sluice.http.ResponseHead;
import dev.sluice.ir.HttpFilter;
import dev.sluice.upstream.Cluster;
import dev.sluice.upstream.ClusterDestination;
import dev.sluice.upstream.pool.SideRequest;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a backend whether a request may pass (`ExternalAuth`, GEP-1494). A backend that cannot be
/// asked lets nothing pass.
public final class ExternalAuthStage implements Stage {

    public static final FilterOrder ORDER = FilterOrder.AUTHENTICATION;

    private static final Logger log = LoggerFactory.getLogger(ExternalAuthStage.class);

    /// Of the whole question; the API has no field for it.
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpFilter.ExternalAuth filter;
    private final Cluster backend;
    private final ExternalAuthProtocol protocol;

    /// @param backend that is asked
    public ExternalAuthStage(HttpFilter.ExternalAuth filter, Cluster backend) {
        this.filter = filter;
        this.backend = backend;
        this.protocol =
                switch (filter.protocol()) {
                    case HttpFilter.AuthProtocol.Http http -> new HttpAuthProtocol(http);
                    case HttpFilter.AuthProtocol.Grpc grpc -> new GrpcAuthProtocol(grpc);
                };
    }

    @Override
    public FilterOrder order() {
        return ORDER;
    }

    @Override
    public StageResult request(Exchange exchange) {
        if (filter.maxBody() > 0) {
            exchange.awaitBody(filter.maxBody(), body -> check(exchange, body));
        } else {
            check(exchange, new byte[0]);
        }
        return StageResult.DEFERRED;
    }

    private void check(Exchange exchange, byte[] body) {
        ExternalAuthProtocol.CheckMessage checkMessage = protocol.message(exchange, body);
        SideRequest.send(
                exchange,
                exchange.client().eventLoop(),
                checkMessage.head(),
                checkMessage.body(),
                TIMEOUT,
                SideRequest.Overflow.FAIL,
                new ClusterDestination(backend, exchange.client().eventLoop()),
                new SideRequest.Receiver() {
                    @Override
                    public void replied(SideRequest.FullResponse fullResponse) {
                        if (!exchange.isEnded()) {
                            decide(exchange, protocol.result(fullResponse));
                        }
                    }

                    @Override
                    public void failed(Failure failure) {
                        if (!exchange.isEnded()) {
                            decide(exchange, new ExternalAuthProtocol.Unclear(failure.reason()));
                        }
                    }
                });
    }

    private void decide(Exchange exchange, ExternalAuthProtocol.CheckResult checkResult) {
        switch (checkResult) {
            case ExternalAuthProtocol.Allowed allowed -> {
                allowed.changes().accept(exchange.request().headers());
                if (!allowed.response().isEmpty()) {
                    exchange.note(this, allowed);
                }
                exchange.resume();
            }
            case ExternalAuthProtocol.Denied(LocalReply localReply) -> exchange.answer(localReply);
            case ExternalAuthProtocol.Unclear(String reason) -> {
                log.debug("{}: {}", filter.upstream(), reason);
                exchange.answer(
                        LocalReply.error(
                                503, "the authorization cannot be asked for", exchange.request()));
            }
        }
    }

    @Override
    public void response(Exchange exchange, ResponseHead head) {
        if (exchange.note(this) instanceof ExternalAuthProtocol.Allowed allowed) {
            for (Map.Entry<String, String> field : allowed.response()) {
                head.headers().add(field.getKey(), field.getValue());
            }
        }
    }
}
