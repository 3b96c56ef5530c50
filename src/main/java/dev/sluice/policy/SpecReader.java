package dev.sluice.policy;

import dev.sluice.finding.FindingCode;
import dev.sluice.ir.FramingFields;
import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Durations;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.policy.SpecFormException;
import dev.sluice.translate.policy.SpecJson;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads a section of a policy, or a field of it, and names that field in its errors, as in
/// `jwt.providers[0].issuer: "x" is not a URI`. The schema of the CRD has checked the form, in a
/// cluster and in files.
public final class SpecReader {

    private static final Duration HOUR = Duration.ofHours(1);

    private final String field;
    private final Object written;
    private final PolicyReferences references;

    private SpecReader(String field, Object written, PolicyReferences references) {
        this.field = field;
        this.written = written;
        this.references = references;
    }

    /// What a section says, or why it cannot be used.
    ///
    /// @param section its name
    /// @param written maps, lists, strings, numbers, booleans
    /// @param references leads to what the section names
    public static Result<PolicySection> decode(
            String section,
            Object written,
            PolicyReferences references,
            Function<SpecReader, PolicySection> read) {
        try {
            return Result.of(read.apply(new SpecReader(section, written, references)));
        } catch (SpecError e) {
            return new Result<>(null, e.rejection());
        } catch (SpecFormException e) {
            return Result.no("Invalid", section + e.getMessage());
        } catch (IllegalArgumentException e) {
            return Result.no("Invalid", section + ": " + e.getMessage());
        }
    }

    /// The section in the form of its kind.
    public <T> T read(Class<T> form) {
        return SpecJson.read(written, form);
    }

    /// Of a field of this one; only the whole section is [#read].
    public SpecReader at(String child) {
        return new SpecReader(field + "." + child, written, references);
    }

    /// Of an entry of this list.
    public SpecReader at(int index) {
        return new SpecReader(field + "[" + index + "]", written, references);
    }

    /// The path of the field, such as `jwt.providers[0]`.
    public String field() {
        return field;
    }

    public PolicyReferences references() {
        return references;
    }

    /// What says that the field cannot be used.
    public SpecError error(String why) {
        return new SpecError(new Rejection("Invalid", field + ": " + why));
    }

    /// The same for a mistake that has a code of its own.
    public SpecError error(FindingCode code, String why) {
        return new SpecError(new Rejection("Invalid", field + ": " + why, code));
    }

    /// What says that the field has to be there.
    public SpecError missing() {
        return new SpecError(new Rejection("Invalid", field + " is missing"));
    }

    /// What something else of ours thinks of the field's value.
    ///
    /// @param check throws IllegalArgumentException
    public void check(Supplier<?> check) {
        try {
            var _ = check.get();
        } catch (IllegalArgumentException e) {
            throw error(String.valueOf(e.getMessage()));
        }
    }

    /// The same for a mistake that has a code of its own.
    ///
    /// @param check throws IllegalArgumentException
    public void check(FindingCode code, Supplier<?> check) {
        try {
            var _ = check.get();
        } catch (IllegalArgumentException e) {
            throw error(code, String.valueOf(e.getMessage()));
        }
    }

    /// A duration in the format of Gateway API (GEP-2257).
    public Duration duration(@Nullable String text, Duration otherwise) {
        if (text == null) {
            return otherwise;
        }
        Duration parsed = Durations.parse(text);
        if (parsed == null) {
            throw error("\"" + text + "\" is not a duration");
        }
        return parsed;
    }

    /// A duration of more than zero.
    public Duration positive(String text) {
        Duration duration = Durations.parse(text);
        if (duration == null || !duration.isPositive()) {
            throw error("\"" + text + "\" is not a positive duration");
        }
        return duration;
    }

    /// A duration of more than zero, and at most an hour.
    public Duration atMostAnHour(String text) {
        Duration duration = positive(text);
        if (duration.compareTo(HOUR) > 0) {
            throw error("\"" + text + "\" is over 1h");
        }
        return duration;
    }

    /// A duration of more than zero, and at most an hour.
    public Duration atMostAnHour(@Nullable String text, Duration otherwise) {
        return text == null ? otherwise : atMostAnHour(text);
    }

    /// A URI of http or https.
    public String uri(String text) {
        try {
            URI uri = URI.create(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            throw error("\"" + text + "\" is not a URI");
        }
        throw error("\"" + text + "\" is not an http or https URI");
    }

    /// The name of a header field that a policy sets or removes, in lower case.
    public String headerName(String name) {
        String problem = FramingFields.problem(name);
        if (problem != null) {
            throw error(problem);
        }
        return name.toLowerCase(Locale.ROOT);
    }

    /// The same of a name that may be missing.
    public @Nullable String headerNameIfThere(@Nullable String name) {
        return name == null ? null : headerName(name);
    }

    public static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
