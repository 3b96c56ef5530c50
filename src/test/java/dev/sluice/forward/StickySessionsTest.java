package dev.sluice.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.forward.StickySessions.HeldSession;
import dev.sluice.http.RequestHead;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.SessionPersistence;
import dev.sluice.ir.SessionPersistence.Carrier;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// When sessions end.
class StickySessionsTest {

    private static final SessionPersistence SPEC =
            new SessionPersistence(
                    Carrier.HEADER, "sid", Duration.ofSeconds(100), Duration.ofSeconds(10), false);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final StickySessions stickySessions = new StickySessions(SPEC, "rule-one", () -> now);

    private static RequestHead request(String value) {
        HttpHeaders headers = new DefaultHttpHeaders().set("sid", value);
        return new RequestHead("GET", "http", "a", "/", headers);
    }

    private String tell(@org.jspecify.annotations.Nullable HeldSession had) {
        return String.valueOf(stickySessions.value(had, "token"));
    }

    @Test
    void unusedSession_ends() {
        String value = tell(null);
        now = now.plusSeconds(9);
        assertThat(stickySessions.find(request(value))).isNotNull();
        now = now.plusSeconds(1);
        assertThat(stickySessions.find(request(value))).isNull();
    }

    @Test
    void usedSession_endsWithTheAbsoluteTimeout() {
        String value = tell(null);
        for (int i = 0; i < 11; i++) {
            now = now.plusSeconds(9);
            value = tell(stickySessions.find(request(value)));
        }
        assertThat(stickySessions.find(request(value))).isNotNull();
        now = now.plusSeconds(1);
        assertThat(stickySessions.find(request(value))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "token", "token.", "token.1", "token..", "token.-.-", "..", "t.1.~"})
    void malformedValue_isNoSession(String value) {
        assertThat(stickySessions.find(request(value))).isNull();
        assertThat(stickySessions.find(request("rule-one" + value))).isNull();
    }

    @Test
    void sessionOfAnotherRule_isNone() {
        StickySessions other = new StickySessions(SPEC, "rule-two", () -> now);
        assertThat(other.find(request(tell(null)))).isNull();
        assertThat(stickySessions.find(request(tell(null)))).isNotNull();
    }

    @ParameterizedTest(name = "{0} {1} has {2}")
    @CsvSource(
            delimiter = '>',
            textBlock =
                    """
                    Exact > /a/b > /a/b
                    Exact > /a/ > /a/
                    Prefix > / > /
                    Prefix > /a/ > /a
                    Prefix > /a/b > /a/b
                    Prefix > /a;x/b > /
                    Prefix > /p/a%20b/c > /p
                    Prefix > /p/café/c > /p
                    Regex > /p1/p2/.*/p3 > /p1/p2
                    Regex > /p1/p2x?/p3 > /p1
                    Regex > /p1/? > /
                    Regex > /p1/p2 > /p1/p2
                    Regex > /p1/p2|/q > /
                    Regex > .* > /
                    """)
    void cookie_isForThePathsOfItsRule(String kind, String path, String expected) {
        PathMatch match =
                switch (kind) {
                    case "Exact" -> new PathMatch.Exact(path);
                    case "Prefix" -> new PathMatch.Prefix(path);
                    default -> new PathMatch.Regex(path);
                };
        assertThat(CookiePath.of(match)).isEqualTo(expected);
    }
}
