package dev.sluice.upstream.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import dev.sluice.upstream.pool.SideRequest.Overflow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// When requests of our own are sent again, and what they take of an answer.
class SideRequestTest {

    private static final int MOST = 64 * 1024;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<StreamRequest> tries = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private int cancelled;
    private @Nullable Failure noPlace;
    private boolean again;

    /// Goes nowhere.
    private final SideRequest.Destination destination =
            new SideRequest.Destination() {
                @Override
                public @Nullable Failure open(StreamRequest request) {
                    tries.add(request);
                    return noPlace;
                }

                @Override
                public boolean opensAgain(int count) {
                    return again;
                }

                @Override
                public boolean sendsAgain(Failure failure, boolean reused, int count) {
                    return again;
                }

                @Override
                public void responded(int status) {
                    ends.add("responded " + status);
                }
            };

    private final SideRequest.Receiver receiver =
            new SideRequest.Receiver() {
                @Override
                public void replied(SideRequest.FullResponse response) {
                    ends.add("replied " + response.body().remaining());
                }

                @Override
                public void failed(Failure failure) {
                    ends.add("failed " + failure);
                }
            };

    private final ClientStream stream =
            new ClientStream() {
                @Override
                public void data(ByteBuf data, boolean end) {
                    data.release();
                }

                @Override
                public void trailers(HttpHeaders trailers) {}

                @Override
                public void flush() {}

                @Override
                public void cancel() {
                    cancelled++;
                }

                @Override
                public boolean isWritable() {
                    return true;
                }

                @Override
                public void read(boolean wanted) {}
            };

    private void send(Overflow overflow) {
        SideRequest.send(
                Barrier.ending("test", () -> ends.add("unexpected")),
                channel.eventLoop(),
                new RequestHead("GET", "http", "a", "/", new HttpFields()),
                ByteBuffer.allocate(0),
                Duration.ofSeconds(1),
                overflow,
                destination,
                receiver);
    }

    private StreamRequest last() {
        return tries.getLast();
    }

    private void respond() {
        last().onOpen(stream, true);
        last().events().onResponseHead(new ResponseHead(200, new HttpFields()), false);
    }

    private void data(int bytes, boolean end) {
        ByteBuf data = Unpooled.buffer(bytes).writeZero(bytes);
        last().events().onResponseData(data, end);
        assertThat(data.refCnt()).isZero();
    }

    @Test
    void answer_upToTheBound_isWhole() {
        for (Overflow overflow : Overflow.values()) {
            send(overflow);
            respond();
            data(MOST - 1, false);
            data(1, true);
        }
        assertThat(ends)
                .containsExactly(
                        "responded 200", "replied " + MOST, "responded 200", "replied " + MOST);
    }

    @Test
    void answer_overTheBound_isAFailure_orIsCutThere() {
        send(Overflow.FAIL);
        respond();
        data(MOST, false);
        data(1, false);
        assertThat(ends).containsExactly("responded 200", "failed " + Failure.BAD_RESPONSE);
        assertThat(cancelled).isEqualTo(1);
        ends.clear();
        send(Overflow.TRUNCATE);
        respond();
        data(MOST - 1, false);
        data(2, false);
        assertThat(ends).containsExactly("responded 200", "replied " + MOST);
        assertThat(cancelled).isEqualTo(2);
    }

    @Test
    void failure_beforeTheAnswer_isTriedAgainOnANewConnection_whereItMayBe() {
        again = true;
        send(Overflow.FAIL);
        assertThat(last().isFresh()).isFalse();
        last().onOpen(stream, true);
        last().events().onResponseFailure(Failure.RESET);
        assertThat(tries).hasSize(2);
        assertThat(last().isFresh()).isTrue();
        last().onRefused(Failure.REFUSED);
        assertThat(tries).hasSize(3);
        assertThat(ends).isEmpty();
        again = false;
        last().onRefused(Failure.REFUSED);
        assertThat(ends).containsExactly("failed " + Failure.REFUSED);
    }

    @Test
    void failure_withinTheAnswer_isNotTriedAgain() {
        again = true;
        send(Overflow.FAIL);
        respond();
        last().events().onResponseFailure(Failure.UNPROCESSED);
        assertThat(tries).hasSize(1);
        assertThat(ends).containsExactly("responded 200", "failed " + Failure.UNPROCESSED);
    }

    @Test
    void request_withoutAPlaceToGo_fails() {
        noPlace = Failure.NO_ENDPOINTS;
        send(Overflow.FAIL);
        assertThat(ends).containsExactly("failed " + Failure.NO_ENDPOINTS);
    }

    @Test
    void silence_endsInTime_andNothingFollows() {
        again = true;
        send(Overflow.FAIL);
        last().onOpen(stream, false);
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        last().onRefused(Failure.REFUSED);
        assertThat(last().isCancelled()).isTrue();
        assertThat(ends).containsExactly("failed " + Failure.BACKEND_TIMEOUT);
        assertThat(cancelled).isEqualTo(1);
        assertThat(tries).hasSize(1);
    }

    @Test
    void unexpectedError_isTheOwners_andNobodyElseIsNotified() {
        send(Overflow.FAIL);
        last().onOpen(stream, false);
        last().onUnexpectedError(new IllegalStateException("expected in a test"));
        last().events().onResponseFailure(Failure.RESET);
        assertThat(ends).containsExactly("unexpected");
        assertThat(cancelled).isEqualTo(1);
    }
}
