package dev.sluice.policy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitFieldsTest {

    private static final List<String> FREE = List.of("free", "trial");

    private static HttpHeaders fields(String... values) {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.add("x-one", List.of(values));
        return headers;
    }

    @Test
    void has_anyOfSeveralFields() {
        assertThat(LimitFields.has(fields("paid", "free"), "x-one", FREE)).isTrue();
        assertThat(LimitFields.has(fields("free", "paid"), "x-one", FREE)).isTrue();
        assertThat(LimitFields.has(fields("paid"), "x-one", FREE)).isFalse();
        assertThat(LimitFields.has(fields("paid"), "x-one", List.of())).isTrue();
        assertThat(LimitFields.has(fields(), "x-one", List.of())).isFalse();
    }

    @Test
    void has_elementOfAList() {
        assertThat(LimitFields.has(fields("paid, free"), "x-one", FREE)).isTrue();
        assertThat(LimitFields.has(fields("free,"), "x-one", FREE)).isTrue();
        assertThat(LimitFields.has(fields("paid,freed"), "x-one", FREE)).isFalse();
        assertThat(LimitFields.has(fields("a, b"), "x-one", List.of("a, b"))).isTrue();
    }

    @Test
    void greatest_ofAllFields() {
        assertThat(LimitFields.greatest(fields("1", "7"), "x-one", 2)).isEqualTo(7);
        assertThat(LimitFields.greatest(fields("7", "1"), "x-one", 2)).isEqualTo(7);
        assertThat(LimitFields.greatest(fields("1", "much"), "x-one", 2)).isEqualTo(2);
        assertThat(LimitFields.greatest(fields("1"), "x-one", 2)).isEqualTo(1);
        assertThat(LimitFields.greatest(fields("-1"), "x-one", 2)).isEqualTo(2);
        assertThat(LimitFields.greatest(fields(), "x-one", 2)).isEqualTo(2);
        assertThat(LimitFields.greatest(fields("999999999999999999"), "x-one", 2))
                .isEqualTo(1_000_000_000);
    }
}
