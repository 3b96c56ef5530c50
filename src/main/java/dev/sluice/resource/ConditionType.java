package dev.sluice.resource;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The types of conditions that we write, apart from those of [Condition#affected]. One that we no
/// longer write for an object is removed from its status, so that no other place lists them.
public enum ConditionType {
    ACCEPTED("Accepted", true, "Accepted"),
    PROGRAMMED("Programmed", true, "Programmed"),
    RESOLVED_REFS("ResolvedRefs", true, "ResolvedRefs"),
    SUPPORTED_VERSION("SupportedVersion", true, "SupportedVersion"),
    CONFLICTED("Conflicted", false, "NoConflicts"),
    /// Left out while nothing is wrong.
    PARTIALLY_INVALID("PartiallyInvalid", false, "NotPartiallyInvalid"),
    /// Left out while nothing is wrong.
    INSECURE_FRONTEND_VALIDATION_MODE(
            "InsecureFrontendValidationMode", false, "NotInsecureFrontendValidationMode");

    private static final Map<String, ConditionType> BY_TEXT =
            Arrays.stream(values())
                    .collect(Collectors.toMap(type -> type.text, Function.identity()));

    private final String text;
    private final boolean good;
    private final String goodReason;

    ConditionType(String text, boolean good, String goodReason) {
        this.text = text;
        this.good = good;
        this.goodReason = goodReason;
    }

    /// The type of that text; null when it is none of ours.
    public static @Nullable ConditionType of(String text) {
        return BY_TEXT.get(text);
    }

    /// As it stands in a status.
    public String text() {
        return text;
    }

    /// The condition while nothing is wrong.
    public Condition good(String message, long generation) {
        return new Condition(text, good, goodReason, message, generation);
    }

    /// The condition while something is wrong.
    public Condition bad(String reason, String message, long generation) {
        return new Condition(text, !good, reason, message, generation);
    }

    /// Whether a condition says that something is wrong.
    public static boolean isBad(Condition condition) {
        ConditionType type = of(condition.type());
        return condition.status() != (type == null || type.good);
    }
}
