package dev.sluice.observe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an access log's lines are written. Nothing that a client sends can begin a new line or close a
/// quotation.
public enum AccessFormat {
    /// One JSON object a line (RFC 8259); absent values are left out.
    JSON {
        @Override
        void write(StringBuilder out, List<AccessField> fields, AccessEntry entry) {
            char separator = '{';
            for (AccessField field : fields) {
                Object value = field.of(entry);
                if (value != null) {
                    out.append(separator).append('"').append(field.label()).append("\":");
                    separator = ',';
                    value(out, value);
                }
            }
            out.append(separator == '{' ? "{}" : "}");
        }

        private void value(StringBuilder out, Object value) {
            if (value instanceof Number) {
                out.append(value);
            } else {
                quoted(out, value.toString());
            }
        }
    },
    /// Values divided by spaces; `-` for an absent one, quoted where a space or a quote is in it.
    TEXT {
        @Override
        void write(StringBuilder out, List<AccessField> fields, AccessEntry entry) {
            String separator = "";
            for (AccessField field : fields) {
                out.append(separator);
                separator = " ";
                value(out, field.of(entry));
            }
        }

        private void value(StringBuilder out, @Nullable Object value) {
            String text = value == null ? "-" : value.toString();
            if (isPlain(text)) {
                out.append(text);
            } else {
                quoted(out, text);
            }
        }

        private boolean isPlain(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c <= ' ' || c == '"' || c == '\\' || c >= 0x7f) {
                    return false;
                }
            }
            return !text.isEmpty();
        }
    };

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    abstract void write(StringBuilder out, List<AccessField> fields, AccessEntry entry);

    /// What was read from the wire are octets as ISO-8859-1; those above 127 are escaped, too.
    private static void quoted(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c >= 0x7f) {
                out.append("\\u")
                        .append(HEX[c >> 12])
                        .append(HEX[c >> 8 & 15])
                        .append(HEX[c >> 4 & 15])
                        .append(HEX[c & 15]);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
