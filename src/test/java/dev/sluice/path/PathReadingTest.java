package dev.sluice.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.path.PathReading.Parameters;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathReadingTest {

    private static final List<String> PIECES =
            List.of(
                    "/", "/", "a", "B", "admin", ".", ";", ";x=1", "%2F", "%5C", "%3B", "%C3%84",
                    "%25", "...");

    private static List<String> readings(String path) {
        return PathReading.of(PathTraits.of(path)).stream()
                .map(reading -> reading.read(path))
                .distinct()
                .filter(read -> !read.equals(path))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "*",
                "/a/b-c_d~e",
                "/.well-known/x",
                "/a..b/1.2.3",
                "/a%20b%25",
                "/@scope/x:y",
                "/100%25/%7B%7D"
            })
    void pathThatAllReadAlike_hasNoTraits(String path) {
        assertThat(PathTraits.of(path)).isZero();
        assertThat(PathReading.of(0)).isEmpty();
        assertThat(FoldedPath.of(path)).isEqualTo(new FoldedPath(path, path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/admin;x             | /admin",
                "/admin;x/y           | /admin/y",
                "/;/admin             | /admin",
                "/admin%2Fx           | /admin/x",
                "/admin%5Cx           | /admin/x",
                "/admin%3Bx           | /admin",
                "/Admin               | /admin",
                "/admin.              | /admin",
                "/admin./x            | /admin/x",
                "/admin.;x            | /admin /admin.",
                "/%C3%84              | /%C3%A4",
                "/%C5%BFecret         | /secret",
                "/%E2%84%AAey         | /key",
                "/a;b%2Fc             | /a /a/c /a;b/c",
                "/a%3Bb%2Fc           | /a /a%3Bb/c /a/c",
                "/...                 | /",
            })
    void read_showsWhatBackendsMaySee(String path, String expected) {
        assertThat(String.join(" ", readings(path))).isEqualTo(expected);
    }

    @Test
    void pathThatMixesEverything_isBeyondWhatIsLookedAt() {
        assertThat(PathReading.isBeyond(PathTraits.of("/A;b%2Fc"))).isFalse();
        assertThat(PathReading.isBeyond(PathTraits.of("/A.;b%3Bc%2Fd"))).isTrue();
    }

    @Test
    void readings_areEachOnce_andKnowTheirTraits() {
        List<PathReading> all = PathReading.of(PathTraits.ALL);
        assertThat(all).doesNotHaveDuplicates().hasSize(31);
        assertThat(all).allSatisfy(one -> assertThat(PathReading.of(one.traits())).contains(one));
        assertThat(PathReading.of(PathTraits.PARAMETERS))
                .containsExactly(
                        new PathReading(false, Parameters.DROPPED_FIRST, false, false, false));
    }

    /// What conditions of policies rest on: the two folded readings stand for all.
    @Test
    void prefix_takesSomeReadingIfAndOnlyIfItTakesAFoldedOne() {
        int taken = 0;
        int always = 0;
        for (long seed = 0; seed < 30_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String path = path(random, 6);
            String prefix = path(random, 2);
            PathPrefixes prefixes = new PathPrefixes(List.of(prefix));
            boolean any = false;
            boolean every = true;
            for (PathReading reading : PathReading.of(PathTraits.ALL)) {
                boolean takes = takes(reading.read(prefix), reading.read(path));
                any |= takes;
                every &= takes;
            }
            any |= takes(prefix, path);
            every &= takes(prefix, path);
            assertThat(prefixes.takeInAnyReading(FoldedPath.of(path)))
                    .as("seed %d: %s in any reading of %s", seed, prefix, path)
                    .isEqualTo(any);
            assertThat(prefixes.takeAlways(path))
                    .as("seed %d: %s in all readings of %s", seed, prefix, path)
                    .isEqualTo(every);
            taken += any ? 1 : 0;
            always += every ? 1 : 0;
        }
        assertThat(always).isGreaterThan(1_000);
        assertThat(taken).isGreaterThan(always + 1_000);
    }

    // By whole elements, in the plainest way.
    private static boolean takes(String prefix, String path) {
        String wanted = prefix.endsWith("/") ? prefix : prefix + "/";
        return (path + "/").startsWith(wanted);
    }

    private static String path(SplittableRandom random, int most) {
        while (true) {
            String raw =
                    random.ints(1 + random.nextInt(most), 0, PIECES.size())
                            .mapToObj(PIECES::get)
                            .collect(Collectors.joining("", "/", ""));
            if (NormalizedPath.of(raw) instanceof NormalizedPath.Safe(String path)) {
                return path;
            }
        }
    }
}
