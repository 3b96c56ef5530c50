package dev.sluice.gateway.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.Configuration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Configuration changes under load, and the end of ports.
class ChangesTest {

    @Test
    void changes_failNoRequest() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        try (RawBackend first = RawBackend.saying("first");
                RawBackend second = RawBackend.saying("second");
                TestGateway gateway =
                        new TestGateway()
                                .backend("one", first.endpoint())
                                .rule("/", "one")
                                .publish();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                running.add(
                        clients.submit(() -> {
                            try (RawClient client = gateway.client()) {
                                while (!stop.get()) {
                                    Response response = client.get("a", "/x");
                                    assertThat(response.status())
                                            .as(response.body())
                                            .isEqualTo(200);
                                    served.incrementAndGet();
                                }
                            }
                            return null;
                        }));
            }
            for (int i = 0; i < 100; i++) {
                int before = served.get();
                gateway.clearRules()
                        .backend("one", (i % 2 == 0 ? second : first).endpoint())
                        .rule("/", "one")
                        .rule("/x/" + i, "one")
                        .publish();
                while (served.get() < before + 20 && running.stream().noneMatch(Future::isDone)) {
                    Thread.onSpinWait();
                }
            }
            stop.set(true);
            for (Future<?> client : running) {
                client.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(served.get()).isGreaterThan(1000);
    }

    @Test
    void drain_letsRequestsInFlightEnd() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            arrived.countDown();
                            try {
                                answer.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            out.write(RawBackend.ok("done"));
                            return true;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawClient busy = gateway.client();
                RawClient idle = gateway.client();
                ExecutorService closing = Executors.newSingleThreadExecutor()) {
            int port = gateway.port();
            busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            Future<?> drained = closing.submit(gateway::drain);
            assertThat(idle.isClosedByServer()).isTrue();
            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class);
            assertThat(drained.isDone()).isFalse();
            answer.countDown();
            Response response = busy.read();
            assertThat(response.body()).isEqualTo("done");
            assertThat(busy.isClosedByServer()).isTrue();
            drained.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void removedPort_stopsListening() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend)) {
            int port = gateway.port();
            gateway.publish(new Configuration(List.of(), Map.of()));
            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class);
        }
    }
}
