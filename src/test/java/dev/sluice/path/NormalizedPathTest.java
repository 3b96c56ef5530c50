package dev.sluice.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizedPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "*",
                "/a",
                "/a/",
                "/a/b.c/d~e_f-g",
                "/v1/things:delete",
                "/a;x=1/b",
                "/;jsessionid=1",
                "/@scope/a,b=c+d!$&'()*",
                "/a..b/c."
            })
    void of_plainPath_isTheSameInstance(String raw) {
        assertThat(NormalizedPath.of(raw))
                .isInstanceOfSatisfying(
                        NormalizedPath.Safe.class, safe -> assertThat(safe.path()).isSameAs(raw));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                // Escapes of unreserved characters are decoded, the others kept.
                "/%61%7E%2D%5F%39, /a~-_9",
                "/a%2eb, /a.b",
                "/%7e, /~",
                "/caf%c3%a9, /caf%C3%A9",
                "/%3a%40, /%3A%40",
                "/100%25, /100%25",
                "/%2561, /%2561",
                "/%252e%252e/a, /%252e%252e/a",
                "/a%20b, /a%20b",
                "/a%3Fb%23c, /a%3Fb%23c",
                // Slashes are merged.
                "//, /",
                "//a, /a",
                "/a//b///c//, /a/b/c/",
                // Encoded separators are text.
                "/a%2fb, /a%2Fb",
                "/a/%2F/b, /a/%2F/b",
                "/a%5cb, /a%5Cb",
                "/@scope%2fname, /@scope%2Fname",
                // Names that start with dots are names.
                "/.well-known/x, /.well-known/x",
                "/.a/..b/..., /.a/..b/...",
                "/...;x, /...;x",
                "/..a%2Fb, /..a%2Fb",
                // What a path cannot hold counts as its escape.
                "/{id}, /%7Bid%7D",
                "/a|b^c`d, /a%7Cb%5Ec%60d",
                "/[1]<2>, /%5B1%5D%3C2%3E",
                "/caf\u00c3\u00a9, /caf%C3%A9",
            })
    void of_otherSpelling_isNormalised(String raw, String expected) {
        assertThat(NormalizedPath.of(raw)).isEqualTo(new NormalizedPath.Safe(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.",
                "/..",
                "/./a",
                "/a/../b",
                "/a/..",
                "/a/.",
                "/%2e",
                "/%2E%2e/a",
                "/.%2e/a",
                "/a/..;/b",
                "/a/..;x=1/b",
                "/a/.;x",
                "/a/%2e%2e;x/b",
                "/a/..%3Bx/b",
                "/a//../b",
                "/a/..%2Fb",
                "/a%2F..%2fb",
                "/a%2f%2e",
                "/a/..%5Cb",
                "/a%5c..%5cb"
            })
    void of_dotSegmentInAnySpelling_isDangerous(String raw) {
        assertDangerous(raw, "path has a dot segment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/a%4", "/%zz", "/%4g", "/%%41", "/a%-1", "/%\uff11\uff11"})
    void of_invalidEscape_isDangerous(String raw) {
        assertDangerous(raw, "path has an invalid escape");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a\0",
                "/a%00",
                "/a\tb",
                "/a%0d%0ab",
                "/%1F",
                "/\u007f",
                "/%7f",
                "/a b",
                "/\n"
            })
    void of_controlCharacterOrSpace_isDangerous(String raw) {
        assertDangerous(raw, "path has a control character or space");
    }

    @Test
    void of_characterThatSomeBackendsTakeForASeparator_isDangerous() {
        assertDangerous("/a\\b", "path has a '\\'");
        assertDangerous("/a#b", "path has a '#'");
        assertDangerous("/a?b", "path has a '?'");
    }

    @Test
    void of_noPath_isDangerous() {
        assertDangerous("", "path does not start with '/'");
        assertDangerous("a/b", "path does not start with '/'");
        assertDangerous("%2Fa", "path does not start with '/'");
        assertDangerous("**", "path does not start with '/'");
    }

    @Test
    void of_characterBeyondAnOctet_isDangerous() {
        assertDangerous("/\u0101", "path has a character that is no octet");
    }

    /// Otherwise a path that is normalised twice would match other rules than one that is once.
    @Test
    void of_normalisedPath_isTheSame() {
        List<String> pieces =
                List.of(
                        "/", "a", ".", "..", ";", "%2e", "%2F", "%5c", "%61", "%25", "{", "%",
                        "\\");
        int safe = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder raw = new StringBuilder("/");
            for (int i = random.nextInt(8); i > 0; i--) {
                raw.append(pieces.get(random.nextInt(pieces.size())));
            }
            if (NormalizedPath.of(raw.toString()) instanceof NormalizedPath.Safe once) {
                safe++;
                assertThat(NormalizedPath.of(once.path()))
                        .as("seed %d: %s", seed, raw)
                        .isEqualTo(once);
                assertThat(once.path()).doesNotContain("//", "/../", "/./").startsWith("/");
            }
        }
        assertThat(safe).isGreaterThan(2_000);
    }

    private static void assertDangerous(String raw, String reason) {
        assertThat(NormalizedPath.of(raw)).isEqualTo(new NormalizedPath.Dangerous(reason));
    }
}
