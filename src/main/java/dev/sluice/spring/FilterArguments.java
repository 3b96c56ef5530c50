package dev.sluice.spring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.cloud.gateway.support.ShortcutConfigurable;
import org.springframework.cloud.gateway.support.ShortcutConfigurable.ShortcutType;

/// Arguments of a filter in the form in which Spring binds them to the settings of its factory, in
/// the place of Spring's own way there, which evaluates expressions (SpEL) that reach every bean.
///
/// Positional ones (`_genkey_0`, …) are known by their number and the others by their name: in
/// whichever order an object was written or an API server sorted it, all replicas read the same.
final class FilterArguments {

    private static final Pattern POSITION = Pattern.compile("_genkey_(0|[1-9][0-9]{0,8}+)");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*+");

    /// Of lists and maps inside each other, and of values in all.
    private static final int DEEPEST = 8;

    private static final int MOST = 1000;

    private static final Comparator<String> ORDER =
            Comparator.comparingInt(FilterArguments::position)
                    .thenComparing(Comparator.naturalOrder());

    private final Map<String, Object> bound = new LinkedHashMap<>();

    private FilterArguments() {}

    /// @param args by name; values are texts, numbers, booleans, and lists and maps of them
    /// @throws IllegalArgumentException when one is an expression, or they are too many
    static Map<String, Object> of(Map<String, ?> args, ShortcutConfigurable factory) {
        FilterArguments arguments = new FilterArguments();
        List<String> fields = factory.shortcutFieldOrder();
        if (factory.shortcutType() == ShortcutType.DEFAULT) {
            ordered(args).forEach((name, value) -> arguments.put(field(name, fields), value, 0));
        } else {
            arguments.gather(args, fields, factory.shortcutType());
        }
        return arguments.bound;
    }

    private static Map<String, Object> ordered(Map<String, ?> args) {
        Map<String, Object> ordered = new TreeMap<>(ORDER);
        ordered.putAll(args);
        return ordered;
    }

    /// The number of a positional argument; above all others where it has a name.
    private static int position(String name) {
        Matcher position = POSITION.matcher(name);
        return position.matches() ? Integer.parseInt(position.group(1)) : Integer.MAX_VALUE;
    }

    private static String field(String name, List<String> fields) {
        int position = position(name);
        return position < fields.size() ? fields.get(position) : name;
    }

    /// All values into the list that is the first field; a flag behind them into the second, where
    /// the factory has one.
    private void gather(Map<String, ?> args, List<String> fields, ShortcutType type) {
        List<Object> values = new ArrayList<>();
        String flag = type == ShortcutType.GATHER_LIST_TAIL_FLAG ? fields.get(1) : "";
        ordered(args)
                .forEach((name, value) -> {
                    if (name.equals(flag)) {
                        put(flag, value, 0);
                    } else if (value instanceof List<?> list) {
                        values.addAll(list);
                    } else {
                        values.add(value);
                    }
                });
        if (!flag.isEmpty() && !bound.containsKey(flag) && !values.isEmpty()) {
            String last = values.getLast().toString();
            if (last.equalsIgnoreCase("true") || last.equalsIgnoreCase("false")) {
                put(flag, values.removeLast(), 0);
            }
        }
        put(fields.getFirst(), values, 0);
    }

    private void put(String name, Object value, int depth) {
        if (depth > DEEPEST || bound.size() >= MOST) {
            throw new IllegalArgumentException(
                    "args: more than %d values, or more than %d levels of them"
                            .formatted(MOST, DEEPEST));
        }
        switch (value) {
            case List<?> list when !list.isEmpty() -> {
                for (int i = 0; i < list.size(); i++) {
                    put(name + '[' + i + ']', list.get(i), depth + 1);
                }
            }
            case Map<?, ?> map when !map.isEmpty() ->
                    map.forEach((key, each) -> put(name + step(key.toString()), each, depth + 1));
            default -> bound.put(name, checked(name, value));
        }
    }

    private static String step(String key) {
        return PLAIN.matcher(key).matches() ? '.' + key : '[' + key + ']';
    }

    private static Object checked(String name, Object value) {
        if (value instanceof String text && text.strip().startsWith("#{")) {
            throw new IllegalArgumentException(
                    "args: "
                            + name
                            + ": \""
                            + text
                            + "\" is an expression; they are not evaluated. A keyResolver is the"
                            + " name of a bean of sluice.spring-filters.key-resolvers");
        }
        return value;
    }
}
