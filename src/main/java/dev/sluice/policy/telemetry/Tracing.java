package dev.sluice.policy.telemetry;

import dev.sluice.ir.PolicySection;
import java.util.List;

/// Section `tracing`.
///
/// @param numerator of the share of the traces that is exported
/// @param denominator of that share, at least 1
/// @param parentBased whether a client that says if its trace is sampled is followed
/// @param attributes that spans get
public record Tracing(
        int numerator, int denominator, boolean parentBased, List<Attribute> attributes)
        implements PolicySection {

    public Tracing {
        attributes = List.copyOf(attributes);
    }

    /// An attribute of spans.
    public sealed interface Attribute {

        /// Its name, such as `tenant`.
        String name();

        /// The value of a field of the request, where it has one.
        record Header(String name, String header) implements Attribute {}

        /// Always the same.
        record Literal(String name, String value) implements Attribute {}
    }

    @Override
    public String text() {
        return numerator
                + " of "
                + denominator
                + (parentBased ? " traces where the client does not say" : " traces");
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
