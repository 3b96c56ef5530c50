package dev.sluice.finding;

import dev.sluice.resource.ObjectRef;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One thing that is wrong with what a user wrote. Log, statuses and events only render it.
///
/// @param code which kind of mistake it is; docs/findings.md explains each
/// @param object that it is about, null for a file as a whole
/// @param field such as `spec.rules[0].backendRefs[0]`; empty for the object as a whole
/// @param value that is wrong; empty where something is missing
/// @param message what is wrong with the field, for people
/// @param place null until a source says where the object stands
public record Finding(
        FindingCode code,
        Severity severity,
        @Nullable ObjectRef object,
        String field,
        String value,
        String message,
        @Nullable Place place) {

    /// The field with which messages begin, as in `rules[0].backendRefs[1]: Service … not found`.
    private static final Pattern FIELD =
            Pattern.compile(
                    "([A-Za-z][A-Za-z0-9-]*+(?:\\.[A-Za-z0-9_-]++|\\[\\d++])*+)"
                            + "(?:: | (?=is missing))(.++)",
                    Pattern.DOTALL);

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*+)\"");

    /// That of an object, whose message names field and value as all of ours do.
    ///
    /// @param parent of the field that the message begins with, such as `spec.`
    /// @param message such as `hostnames[0]: "a b" is not a hostname`
    public static Finding of(FindingCode code, ObjectRef object, String parent, String message) {
        Matcher named = FIELD.matcher(message);
        boolean any = named.matches();
        String text = any ? named.group(2) : message;
        return new Finding(
                code,
                code.severity(),
                object,
                any ? parent + named.group(1) : "",
                quoted(text),
                text,
                null);
    }

    /// That of a field.
    public static Finding at(FindingCode code, ObjectRef object, String field, String message) {
        return new Finding(code, code.severity(), object, field, quoted(message), message, null);
    }

    /// That of a file as a whole, or of a text in it that is no object.
    public static Finding ofFile(FindingCode code, Place place, String message) {
        return new Finding(code, code.severity(), null, "", "", message, place);
    }

    private static String quoted(String text) {
        Matcher value = QUOTED.matcher(text);
        return value.find() ? value.group(1) : "";
    }

    /// The same, where it stands.
    public Finding at(@Nullable Place where) {
        return new Finding(code, severity, object, field, value, message, where);
    }

    /// The same of another object.
    public Finding of(ObjectRef other) {
        return new Finding(code, severity, other, field, value, message, place);
    }

    /// The same as a warning.
    public Finding asWarning() {
        return new Finding(code, Severity.WARNING, object, field, value, message, place);
    }

    /// What to do about it.
    public String action() {
        return code.action();
    }

    /// `HTTPRoute shop/cart: spec.hostnames[0]: "a b" is not a hostname`.
    public String text() {
        return (object == null ? "" : object + ": ")
                + (field.isEmpty() ? "" : field + ": ")
                + message;
    }

    /// `routes.yaml:12: SL0203 HTTPRoute shop/cart: …. Do this or that.`
    @Override
    public String toString() {
        String where = place == null ? "" : place.toString();
        return (where.isEmpty() ? "" : where + ": ")
                + code.id()
                + " "
                + text()
                + (message.endsWith(".") ? " " : message.indexOf('\n') >= 0 ? "\n" : ". ")
                + action();
    }
}
