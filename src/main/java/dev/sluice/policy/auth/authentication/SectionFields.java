package dev.sluice.policy.auth.authentication;

import dev.sluice.resource.Durations;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads fields that several sections have.
public final class SectionFields {

    private SectionFields() {}

    public static String uri(String text, String field) {
        try {
            URI uri = URI.create(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            throw InvalidSection.field(field, "\"" + text + "\" is not a URI");
        }
        throw InvalidSection.field(field, "\"" + text + "\" is not an http or https URI");
    }

    public static Duration duration(@Nullable String text, Duration otherwise, String field) {
        if (text == null) {
            return otherwise;
        }
        Duration parsed = Durations.parse(text);
        if (parsed == null) {
            throw InvalidSection.field(field, "\"" + text + "\" is not a duration");
        }
        return parsed;
    }

    public static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
