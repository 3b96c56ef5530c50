package dev.sluice.policy.telemetry;

import dev.sluice.ir.PolicySection;
import java.util.List;
import java.util.stream.Collectors;

/// Section `metrics`.
///
/// @param labels that requests are counted by
public record Labels(List<Label> labels) implements PolicySection {

    public Labels {
        labels = List.copyOf(labels);
    }

    /// @param name of the label
    /// @param header whose value is counted
    /// @param values that have a count of their own; others have one together
    public record Label(String name, String header, List<String> values) {
        public Label {
            values = List.copyOf(values);
        }
    }

    @Override
    public String text() {
        return labels.stream().map(Label::name).collect(Collectors.joining(", ", "by ", ""));
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
