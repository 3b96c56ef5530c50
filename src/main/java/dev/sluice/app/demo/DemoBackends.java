package dev.sluice.app.demo;

import dev.sluice.app.settings.SluiceProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/// Sample backends for `make run`: small servers in this process, so that the worked example in
/// `config/` has something to talk to.
@Component
@Profile("demo")
final class DemoBackends implements SmartLifecycle {

    private static final List<String> NAMES = List.of("store-v1", "store-v2", "account");
    private static final Duration SLOW = Duration.ofSeconds(5);

    private final int firstPort;
    private final List<DisposableServer> servers = new ArrayList<>();

    DemoBackends(SluiceProperties properties) {
        this.firstPort = properties.demo().firstPort();
    }

    @Override
    public synchronized void start() {
        for (int i = 0; i < NAMES.size(); i++) {
            servers.add(server(NAMES.get(i), firstPort + i));
        }
    }

    private static DisposableServer server(String name, int port) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .route(routes ->
                        routes.get(
                                        "/slow",
                                        (_, response) ->
                                                response.sendString(
                                                        Mono.just("late\n").delayElement(SLOW)))
                                .route(
                                        _ -> true,
                                        (request, response) ->
                                                response.header("content-type", "text/plain")
                                                        .sendString(
                                                                Mono.just(
                                                                        describe(name, request)))))
                .bindNow();
    }

    /// What the backend saw.
    private static String describe(String name, HttpServerRequest request) {
        StringBuilder text = new StringBuilder();
        text.append("backend: ").append(name).append('\n');
        text.append(request.method()).append(' ').append(request.uri()).append('\n');
        request.requestHeaders()
                .forEach(field ->
                        text.append(field.getKey())
                                .append(": ")
                                .append(field.getValue())
                                .append('\n'));
        return text.toString();
    }

    @Override
    public synchronized void stop() {
        servers.forEach(DisposableServer::disposeNow);
        servers.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return !servers.isEmpty();
    }

    /// Before the gateway starts and after it has drained.
    @Override
    public int getPhase() {
        return 0;
    }
}
