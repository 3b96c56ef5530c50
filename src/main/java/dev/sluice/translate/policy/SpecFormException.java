package dev.sluice.translate.policy;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;

/// A section of a policy that does not have the form of its kind. The message begins with the path
/// of the field below the section, as in `.providers[0].issuer: must be a string, is a list`, and
/// names no class of ours.
public final class SpecFormException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    public SpecFormException(JacksonException cause, Object written) {
        super(message(cause, written), cause);
    }

    private static String message(JacksonException e, Object written) {
        StringBuilder path = new StringBuilder();
        Object value = written;
        for (JacksonException.Reference step : e.getPath()) {
            String name = step.getPropertyName();
            path.append(name == null ? "[" + step.getIndex() + "]" : "." + name);
            value = child(value, name, step.getIndex());
        }
        if (e.getCause() instanceof IllegalArgumentException refused) {
            return path + ": " + refused.getMessage();
        }
        Class<?> form = e instanceof MismatchedInputException m ? m.getTargetType() : null;
        return path + ": must be " + form(form) + ", is " + kind(value);
    }

    private static @Nullable Object child(@Nullable Object value, @Nullable String name, int at) {
        if (name != null) {
            return value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value instanceof List<?> list && at >= 0 && at < list.size() ? list.get(at) : null;
    }

    private static String form(@Nullable Class<?> type) {
        if (type == null) {
            return "of another form";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(Object::toString)
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a string";
        }
        return type.isArray() || Collection.class.isAssignableFrom(type) ? "a list" : "an object";
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "missing";
            case Boolean flag -> flag.toString();
            case Number number -> number.toString();
            case CharSequence _ -> "a string";
            case Collection<?> _ -> "a list";
            default -> "an object";
        };
    }
}
