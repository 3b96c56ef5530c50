package dev.sluice.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Sessions of users hang on the identity of a rule. The values are what the same calls returned in
/// f3861d2, where the text of matches was that of their records: they must never change.
class RuleIdentityTest {

    private static final HttpMatch EXACT =
            new HttpMatch(new PathMatch.Exact("/a"), "GET", List.of(), List.of());
    private static final HttpMatch PREFIX =
            new HttpMatch(
                    new PathMatch.Prefix("/b/"),
                    null,
                    List.of(new ValueMatch("X-A", "1", false)),
                    List.of());
    private static final HttpMatch REGEX =
            new HttpMatch(
                    new PathMatch.Regex("/c/[0-9]+%s"),
                    "POST",
                    List.of(new ValueMatch("x-a", "", false), new ValueMatch("x-b", "b.*", true)),
                    List.of(
                            new ValueMatch("q", "\u00e9, ]", true),
                            new ValueMatch("r", "2", false)));
    private static final HttpMatch EMPTY =
            new HttpMatch(
                    new PathMatch.Exact(""),
                    "",
                    List.of(),
                    List.of(new ValueMatch("q", "", false)));

    @ParameterizedTest
    @MethodSource("fixed")
    void identity_isThatOfTheFirstRelease(
            String expected, String kind, @Nullable String name, List<HttpMatch> matches) {
        Origin origin = new Origin(kind, "shop", "web", 3, name, Instant.EPOCH);

        assertEquals(expected, HttpRule.identity(origin, matches));
    }

    static List<Arguments> fixed() {
        return List.of(
                Arguments.of("36107c29", "HTTPRoute", null, List.of(HttpMatch.ALL)),
                Arguments.of("b49d64d3", "GRPCRoute", null, List.of(HttpMatch.ALL)),
                Arguments.of("692339a4", "HTTPRoute", null, List.of(EXACT)),
                Arguments.of("3b336502", "HTTPRoute", null, List.of(PREFIX)),
                Arguments.of("0ae10a84", "HTTPRoute", null, List.of(REGEX)),
                Arguments.of("b1e49260", "HTTPRoute", null, List.of(EMPTY)),
                Arguments.of("cc06c906", "HTTPRoute", null, List.of(EXACT, PREFIX, REGEX, EMPTY)),
                Arguments.of("212b039c", "HTTPRoute", null, List.of(REGEX, EXACT)),
                Arguments.of("6b306ec8", "HTTPRoute", null, List.of()),
                Arguments.of("9a9e04e6", "HTTPRoute", "", List.of(EXACT)),
                Arguments.of("ba3af213", "HTTPRoute", "named", List.of(EXACT)),
                Arguments.of("ba3af213", "HTTPRoute", "named", List.of()));
    }
}
