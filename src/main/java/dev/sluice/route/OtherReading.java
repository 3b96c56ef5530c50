package dev.sluice.route;

import dev.sluice.ir.HttpRule;
import org.jspecify.annotations.Nullable;

/// That a backend may read a request's path as one of another rule, with other guards than those of
/// the rule that takes it as it stands.
///
/// @param path as the backend reads it; as it stands where `rule` is null
/// @param rule what takes that path; null when it could not be found, as there are too many
///   readings or an expression takes too much work
public record OtherReading(String path, @Nullable HttpRule rule) {

    /// Why the request is refused, in one line.
    public String reason() {
        return rule == null
                ? "there are too many ways in which a backend may read path '" + path + "'"
                : "a backend may read the path as '"
                        + path
                        + "', which is of "
                        + rule.origin()
                        + " with other policies";
    }
}
