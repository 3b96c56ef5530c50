package dev.sluice.source.file;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/// Why a text is no YAML.
///
/// @param line from 1; 0 where it is not known
/// @param message what is wrong there, and where the line is shown, on two more lines, the line and
///   a caret below the place
record YamlProblem(int line, String message) {

    /// As the parser ends its messages: the problem, its mark, the line and the caret. Before that
    /// stands what it was at when it met the problem.
    private static final Pattern MARK =
            Pattern.compile(" in reader, line (\\d{1,9}), column \\d+:");

    /// @param showsLine whether the message may show what is written there
    static YamlProblem of(JacksonException error, boolean showsLine) {
        TokenStreamLocation at = error.getLocation();
        int line = at == null ? 0 : Math.max(at.getLineNr(), 0);
        @Nullable String written = error.getOriginalMessage();
        List<String> lines = written == null ? List.of() : written.lines().toList();
        for (int i = lines.size() - 1; i > 0; i--) {
            Matcher mark = MARK.matcher(lines.get(i));
            if (mark.matches()) {
                return new YamlProblem(
                        Integer.parseInt(mark.group(1)),
                        lines.get(i - 1) + (showsLine ? shown(lines, i) : ""));
            }
        }
        return new YamlProblem(line, lines.isEmpty() ? "not readable" : lines.getFirst());
    }

    /// Nothing at the end of the text, where there is no line.
    private static String shown(List<String> lines, int mark) {
        return mark + 2 < lines.size() && !lines.get(mark + 1).isBlank()
                ? "\n" + lines.get(mark + 1) + "\n" + lines.get(mark + 2)
                : "";
    }
}
