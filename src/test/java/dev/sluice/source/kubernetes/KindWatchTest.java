package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.source.kubernetes.api.ApiServer;
import dev.sluice.source.kubernetes.api.RequestThrottle;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a watch of one kind tells, and when.
@Timeout(60)
class KindWatchTest implements KindStore.Changes {

    private static final Kind GRPC = Objects.requireNonNull(Kinds.find(Gateway.GROUP, "GRPCRoute"));
    private static final String ROUTES =
            "/apis/gateway.networking.k8s.io/v1/namespaces/shop/grpcroutes/";

    private final FakeApiServer server = new FakeApiServer();
    private final UnexpectedErrors errors = new UnexpectedErrors(new SimpleMeterRegistry());
    private final KindWatch<KindStore> watch =
            new KindWatch<>(
                    new ApiServer(server.client()),
                    GRPC,
                    WatchSelector.ALL,
                    new KindStore(GRPC, this, new NamespaceBudget(Long.MAX_VALUE), errors),
                    this,
                    _ -> KindPresence.DefinitionState.ABSENT,
                    new RequestThrottle(),
                    errors);
    private final List<String> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        watch.close();
        server.close();
    }

    private String state() {
        return "counted=" + watch.isCounted() + " unreadable=" + watch.unreadable();
    }

    @Override
    public void touched(Collection<ObjectRef> refs) {
        told.add("touched " + refs.size() + " " + state());
    }

    @Override
    public void changed() {
        told.add("changed " + state());
    }

    @Override
    public void statusChanged(ObjectRef ref) {}

    @Override
    public void resized(Collection<ObjectRef> refs) {}

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(Duration.ofSeconds(25)).until(condition::getAsBoolean);
    }

    @Test
    void firstList_countsWhenAllOfItWasTold() {
        server.put(ROUTES + "g", "{'spec': {}}");
        watch.start();
        await(() -> told.size() == 2);
        assertThat(told)
                .containsExactly(
                        "touched 1 counted=false unreadable=null",
                        "changed counted=true unreadable=null");
    }

    @Test
    void objectsOfAKindThatAppears_areToldAfterTheirKindIsReadable() {
        server.absent.add("grpcroutes");
        watch.start();
        await(() -> told.size() == 2);
        assertThat(told).allMatch(line -> line.endsWith("counted=true unreadable=not installed"));
        told.clear();
        server.put(ROUTES + "g", "{'spec': {}}");
        server.absent.remove("grpcroutes");
        await(() -> told.size() == 2);
        assertThat(told)
                .containsExactly(
                        "touched 1 counted=true unreadable=null",
                        "changed counted=true unreadable=null");
    }
}
