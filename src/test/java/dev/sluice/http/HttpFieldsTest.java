package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/// Fields behave as Netty's own do.
class HttpFieldsTest {

    private static final List<CharSequence> NAMES =
            List.of("Accept", "accept", AsciiString.cached("ACCEPT"), "host", "Hosts", "a", "b-c");

    private static final Date DATE = Date.from(Instant.ofEpochSecond(1_000_000_000));

    @RepeatedTest(50)
    void randomChanges_leaveWhatNettysFieldsHold(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        HttpHeaders ours = new HttpFields();
        HttpHeaders netty =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (int i = 0; i < 200; i++) {
            CharSequence name = NAMES.get(random.nextInt(NAMES.size()));
            Object value =
                    random.nextBoolean()
                            ? AsciiString.of("v" + random.nextInt(5))
                            : (Object) random.nextInt();
            int action = random.nextInt(10);
            for (HttpHeaders each : List.of(ours, netty)) {
                switch (action) {
                    case 0, 1, 2, 3 -> each.add(name, value);
                    case 4 -> each.set(name, value);
                    case 5 -> each.remove(name);
                    case 6 -> each.set(name.toString(), List.of(value, "more"));
                    case 7 -> each.addInt(name, 7).setShort("b-c", (short) 3);
                    case 8 -> each.set(name, DATE);
                    default -> each.add(name, List.of("x", "y"));
                }
            }
            assertThat(ours.entries()).isEqualTo(netty.entries());
        }
        for (CharSequence name : NAMES) {
            assertThat(ours.get(name)).isEqualTo(netty.get(name));
            assertThat(ours.getAll(name)).isEqualTo(netty.getAll(name));
            assertThat(ours.contains(name)).isEqualTo(netty.contains(name));
            assertThat(ours.getInt(name)).isEqualTo(netty.getInt(name));
            assertThat(ours.getShort(name, (short) 9)).isEqualTo(netty.getShort(name, (short) 9));
            assertThat(ours.containsValue(name, "V1", true))
                    .isEqualTo(netty.containsValue(name, "V1", true));
        }
        assertThat(ours.size()).isEqualTo(netty.size());
        assertThat(ours.names()).isEqualTo(netty.names());
    }

    @Test
    void dates_areOfHttp() {
        HttpHeaders fields = new HttpFields().set("date", DATE).add("a", "b");
        assertThat(fields.get("Date")).isEqualTo("Sun, 09 Sep 2001 01:46:40 GMT");
        assertThat(fields.getTimeMillis("date")).isEqualTo(1_000_000_000_000L);
        assertThat(fields.getTimeMillis("a", 5)).isEqualTo(5);
    }

    @Test
    void copies_areIndependent() {
        HttpFields httpFields = new HttpFields();
        httpFields.add("a", "1");
        HttpHeaders copy = httpFields.copy();
        copy.add("b", "2");
        httpFields.clear();
        assertThat(httpFields.isEmpty()).isTrue();
        assertThat(copy.entries()).hasSize(2);
    }

    @Test
    void count_isOfAllCases() {
        HttpFields httpFields = new HttpFields();
        httpFields.add("A", "1").add("b", "2").add("a", "3");
        assertThat(httpFields.count("a")).isEqualTo(2);
        assertThat(httpFields.count("c")).isZero();
    }
}
