package dev.sluice.spring;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ir.HttpFilter;
import dev.sluice.resource.GatewayFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.support.ShortcutConfigurable;

/// Arguments of filters, from what a user wrote to what Spring binds.
class FilterArgumentsTest {

    private static final int MANY = 20;

    /// A factory by its shortcuts.
    private record Shortcuts(ShortcutType shortcutType, List<String> shortcutFieldOrder)
            implements ShortcutConfigurable {}

    private static final ShortcutConfigurable FIELDS =
            new Shortcuts(
                    ShortcutConfigurable.ShortcutType.DEFAULT,
                    IntStream.range(0, MANY).mapToObj(i -> "field" + i).toList());
    private static final ShortcutConfigurable LIST =
            new Shortcuts(ShortcutConfigurable.ShortcutType.GATHER_LIST, List.of("values"));
    private static final ShortcutConfigurable LIST_AND_FLAG =
            new Shortcuts(
                    ShortcutConfigurable.ShortcutType.GATHER_LIST_TAIL_FLAG,
                    List.of("values", "flag"));

    private static Map<String, Object> bound(Map<String, ?> args, ShortcutConfigurable factory) {
        return FilterArguments.of(args, factory);
    }

    /// As an API server sorts them: `_genkey_10` before `_genkey_2`.
    private static Map<String, Object> positional(List<?> values) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            names.add("_genkey_" + i);
        }
        Map<String, Object> args = new LinkedHashMap<>();
        names.stream().sorted().forEach(name -> args.put(name, values.get(names.indexOf(name))));
        return args;
    }

    @Test
    void positionalArguments_areOfTheirNumber() {
        Map<String, Object> args =
                positional(IntStream.range(0, MANY).mapToObj(i -> "value" + i).toList());
        Map<String, Object> bound = bound(args, FIELDS);
        assertThat(bound).hasSize(MANY);
        for (int i = 0; i < MANY; i++) {
            assertThat(bound).containsEntry("field" + i, "value" + i);
        }
    }

    @Test
    void positionalArguments_areGatheredInTheirOrder() {
        List<String> values = IntStream.range(0, MANY).mapToObj(i -> "value" + i).toList();
        assertThat(bound(positional(values), LIST).values()).containsExactlyElementsOf(values);
        assertThat(bound(positional(List.of("b", "a", "true")), LIST_AND_FLAG))
                .containsOnly(
                        entry("flag", "true"), entry("values[0]", "b"), entry("values[1]", "a"));
    }

    @Test
    void namedArguments_areGatheredAsWell() {
        assertThat(bound(Map.of("values", List.of("b", "a"), "flag", true), LIST_AND_FLAG))
                .containsOnly(
                        entry("flag", true), entry("values[0]", "b"), entry("values[1]", "a"));
        assertThat(bound(Map.of("values", "a,b"), LIST)).containsOnly(entry("values[0]", "a,b"));
    }

    @Test
    void arguments_keepTheirForm() {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("first", 10);
        inner.put("x.y", false);
        Map<String, Object> args =
                Map.of("list", List.of(1, "b"), "map", inner, "redis.rate", 1.5, "none", List.of());
        assertThat(bound(args, FIELDS))
                .containsOnly(
                        entry("list[0]", 1),
                        entry("list[1]", "b"),
                        entry("map.first", 10),
                        entry("map[x.y]", false),
                        entry("redis.rate", 1.5),
                        entry("none", List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"#{@environment}", "  #{1+1}", "#{systemProperties['a']}", "\t#{T(String)}"})
    void expression_isRefused(String text) {
        for (Object value : List.of(text, List.of(text), Map.of("a", List.of(text)))) {
            for (ShortcutConfigurable factory : List.of(FIELDS, LIST, LIST_AND_FLAG)) {
                assertThatThrownBy(() -> bound(Map.of("name", value), factory))
                        .hasMessageContaining("is an expression; they are not evaluated");
            }
        }
    }

    @Test
    void argumentsWithoutEnd_areRefused() {
        Object deep = "a";
        for (int i = 0; i < 1000; i++) {
            deep = List.of(deep);
        }
        Map<String, Object> nested = Map.of("a", deep);
        assertThatThrownBy(() -> bound(nested, FIELDS)).hasMessageStartingWith("args: more than");
        Map<String, Object> many = Map.of("a", Collections.nCopies(1001, "b"));
        assertThatThrownBy(() -> bound(many, FIELDS)).hasMessageStartingWith("args: more than");
    }

    @Test
    void arguments_areKeptAsWritten() {
        Map<String, Object> args =
                positional(IntStream.range(0, MANY).mapToObj(i -> "value" + i).toList());
        GatewayFilter.Spec spec = new GatewayFilter.Spec("Any", args);
        assertThat(spec.args().keySet()).containsExactlyElementsOf(args.keySet());
        assertThat(new HttpFilter.Spring("f", "Any", args).args().keySet())
                .containsExactlyElementsOf(args.keySet());
    }
}
