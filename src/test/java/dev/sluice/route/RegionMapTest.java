package dev.sluice.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionMapTest {

    @Test
    void get_keysOfEqualHash_areToldApart() {
        RegionMap<String> map = new RegionMap<>(Map.of("a", "1", "b", "2", "ab", "3"), _ -> 7);

        assertThat(map.get("xaby", 1, 2, 7)).isEqualTo("1");
        assertThat(map.get("xaby", 2, 3, 7)).isEqualTo("2");
        assertThat(map.get("xaby", 1, 3, 7)).isEqualTo("3");
        assertThat(map.get("xaby", 0, 1, 7)).isNull();
        assertThat(map.get("xaby", 1, 4, 7)).isNull();
        assertThat(map.get("xaby", 1, 1, 7)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 9, 70_000})
    void get_anyNumberOfKeys_eachIsFound(int count) {
        Map<String, Integer> values = new HashMap<>();
        for (int i = 0; i < count; i++) {
            values.put("key-" + i, i);
        }

        RegionMap<Integer> map = new RegionMap<>(values, String::hashCode);

        assertThat(values)
                .allSatisfy((key, value) ->
                        assertThat(map.get(key, 0, key.length(), key.hashCode())).isEqualTo(value));
        assertThat(map.get("none", 0, 4, "none".hashCode())).isNull();
        assertThat(map.longest()).isEqualTo(count == 0 ? -1 : ("key-" + (count - 1)).length());
    }
}
