package dev.sluice.route;

import static dev.sluice.route.TestRequest.get;
import static dev.sluice.route.TestRules.exact;
import static dev.sluice.route.TestRules.method;
import static dev.sluice.route.TestRules.prefix;
import static dev.sluice.route.TestRules.regex;
import static dev.sluice.route.TestRules.rule;
import static dev.sluice.route.TestRules.rules;
import static dev.sluice.route.TestRules.winner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.Port;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTest {

    private static boolean takes(HttpMatch match, String path) {
        return winner(rules(rule("it", match)), get("h", path)).equals("it");
    }

    @ParameterizedTest
    @CsvSource({
        "/v2, /v2, true",
        "/v2, /v2/, true",
        "/v2, /v2/a, true",
        "/v2, /v2a, false",
        "/v2, /v, false",
        "/v2, /V2, false",
        "/v2, /, false",
        "/v2/, /v2, true",
        "/v2/, /v2/, true",
        "/v2/, /v2/a, true",
        "/v2/, /v2a, false",
        "/v2/a, /v2/a/b, true",
        "/v2/a, /v2/ab, false",
        "/, /, true",
        "/, /a/b, true",
        "/, *, true"
    })
    void find_prefix_takesWholeElements(String value, String path, boolean expected) {
        assertThat(takes(prefix(value), path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/a, /a, true",
        "/a, /a/, false",
        "/a/, /a, false",
        "/a/, /a/, true",
        "/a, /A, false",
        "/a, /a/b, false",
        "/, /, true",
        "/, *, false"
    })
    void find_exact_takesNothingElse(String value, String path, boolean expected) {
        assertThat(takes(exact(value), path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"/a.*, /abc, true", "/a, /ab, false", "a, /a, false", "/[ab]/.+, /b/c, true"})
    void find_expression_takesTheWholePath(String value, String path, boolean expected) {
        assertThat(takes(regex(value), path)).isEqualTo(expected);
    }

    @Test
    void find_valueInAnotherSpelling_takesTheNormalisedPath() {
        assertThat(takes(exact("/caf%c3%a9/%61"), "/caf%C3%A9/a")).isTrue();
        assertThat(takes(prefix("/%7euser/"), "/~user/x")).isTrue();
    }

    @Test
    void find_valueThatNoRequestCanHave_takesNothing() {
        assertThat(takes(exact("/a/../b"), "/b")).isFalse();
        assertThat(takes(prefix("/a/.."), "/")).isFalse();
    }

    @Test
    void find_severalPathsMatch_exactThenExpressionThenLongestPrefix() {
        Port port =
                rules(
                        rule("root", prefix("/")),
                        rule("short", prefix("/a")),
                        rule("long", prefix("/a/b")),
                        rule("expression", regex("/a/b/[0-9]+")),
                        rule("longer expression", regex("/a/b/[0-9][0-9]")),
                        rule("exact", exact("/a/b/11")));

        assertThat(winner(port, get("h", "/a/b/11"))).isEqualTo("exact");
        assertThat(winner(port, get("h", "/a/b/12"))).isEqualTo("longer expression");
        assertThat(winner(port, get("h", "/a/b/123"))).isEqualTo("expression");
        assertThat(winner(port, get("h", "/a/b/c"))).isEqualTo("long");
        assertThat(winner(port, get("h", "/a/bc"))).isEqualTo("short");
        assertThat(winner(port, get("h", "/b"))).isEqualTo("root");
    }

    @Test
    void find_bestPathFailsOnMethod_nextPathIsTried() {
        Port port =
                rules(
                        rule("root", prefix("/")),
                        rule("short", prefix("/a")),
                        rule("long", method("PUT", prefix("/a/b"))),
                        rule("expression", method("POST", regex("/a/b/.*"))),
                        rule("exact", method("GET", exact("/a/b/c"))));

        assertThat(winner(port, get("h", "/a/b/c"))).isEqualTo("exact");
        assertThat(winner(port, get("h", "/a/b/c").withMethod("POST"))).isEqualTo("expression");
        assertThat(winner(port, get("h", "/a/b/c").withMethod("PUT"))).isEqualTo("long");
        assertThat(winner(port, get("h", "/a/b/c").withMethod("DELETE"))).isEqualTo("short");
    }

    @Test
    void find_expressionThatTakesTooMuchWork_endsWithoutResult() {
        Port port = rules(rule("root", prefix("/")), rule("evil", regex("/(.*a){5}b")));
        Port deep = rules(rule("root", prefix("/")), rule("deep", regex("/(a|b)*")));

        assertThat(winner(port, get("h", "/aaaaab"))).isEqualTo("evil");
        assertThat(winner(port, get("h", "/" + "a".repeat(100)))).isEqualTo("no rule");
        assertThat(winner(port, get("h", "/b"))).isEqualTo("root");
        assertThat(winner(deep, get("h", "/abab"))).isEqualTo("deep");
        assertThat(winner(deep, get("h", "/" + "ab".repeat(60_000)))).isEqualTo("no rule");
    }

    @Test
    void compile_invalidExpression_failsWithItsText() {
        Port port = rules(rule("bad", regex("/(")));

        assertThatThrownBy(() -> RouteTable.compile(port, _ -> ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'/('");
    }
}
