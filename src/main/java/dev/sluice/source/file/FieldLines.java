package dev.sluice.source.file;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// At which line each field of a text stands. Made when there is something to tell about it.
final class FieldLines {

    private final Map<String, Integer> lines = new HashMap<>();

    FieldLines(YAMLMapper yaml, String text) {
        int document = -1;
        try (JsonParser parser = yaml.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean begins = token.isStructStart() || token == JsonToken.PROPERTY_NAME;
                if (token.isStructStart()
                        && parser.streamReadContext().getParent() != null
                        && parser.streamReadContext().getParent().inRoot()) {
                    document++;
                }
                if (begins || token.isScalarValue()) {
                    String pointer = parser.streamReadContext().pathAsPointer().toString();
                    lines.putIfAbsent(
                            document + pointer, parser.currentTokenLocation().getLineNr());
                }
            }
        } catch (JacksonException e) {
            // What stands before that line is known.
        }
    }

    /// The line of a field from 1; where it is missing, of what would hold it.
    ///
    /// @param document its place among the documents of the text, from 0
    int of(int document, String pointer) {
        String at = pointer;
        while (true) {
            Integer line = lines.get(document + at);
            if (line != null) {
                return line;
            }
            if (at.isEmpty()) {
                return 1;
            }
            at = at.substring(0, at.lastIndexOf('/'));
        }
    }
}
