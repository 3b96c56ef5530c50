package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What came of a call of gRPC.
final class Collected implements StreamObserver<byte[]> {

    private final List<byte[]> values = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);

    @Override
    public void onNext(byte[] value) {
        values.add(value);
    }

    @Override
    public void onError(Throwable cause) {
        error.set(cause);
        done.countDown();
    }

    @Override
    public void onCompleted() {
        done.countDown();
    }

    List<byte[]> values() {
        return values;
    }

    /// Waits for the end of the call.
    Status.Code end() throws InterruptedException {
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        Throwable cause = error.get();
        return cause == null ? Status.Code.OK : Status.fromThrowable(cause).getCode();
    }
}
