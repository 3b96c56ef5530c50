package dev.sluice.telemetry;

import dev.sluice.observe.AccessField;
import java.util.List;
import java.util.Objects;

/// How an access log's lines are written. Nothing that a client sends can begin a new line or close
/// a quotation.
public enum AccessFormat {
    /// One JSON object a line (RFC 8259); absent values are left out.
    JSON {
        @Override
        public void write(LogText out, List<AccessField> fields, AccessEntry entry) {
            char separator = '{';
            for (AccessField field : fields) {
                AccessValue value = AccessValue.of(field);
                if (value.isAbsent(entry)) {
                    continue;
                }
                out.character(separator).character('"').text(field.label()).text("\":");
                separator = ',';
                switch (value) {
                    case AccessValue.Text(var of) ->
                            out.quoted(Objects.requireNonNull(of.apply(entry)));
                    case AccessValue.Count(var of) -> out.number(of.applyAsLong(entry));
                    case AccessValue.Millis(var of) -> out.millis(of.applyAsLong(entry));
                    case AccessValue.Time(var of) -> {
                        out.character('"').time(of.applyAsLong(entry));
                        out.character('"');
                    }
                }
            }
            out.text(separator == '{' ? "{}" : "}");
        }
    },
    /// Values divided by spaces; `-` for an absent one, quoted where a space or a quote is in it.
    TEXT {
        @Override
        public void write(LogText out, List<AccessField> fields, AccessEntry entry) {
            boolean first = true;
            for (AccessField field : fields) {
                if (!first) {
                    out.character(' ');
                }
                first = false;
                AccessValue value = AccessValue.of(field);
                if (value.isAbsent(entry)) {
                    out.character('-');
                    continue;
                }
                switch (value) {
                    case AccessValue.Text(var of) ->
                            text(out, Objects.requireNonNull(of.apply(entry)));
                    case AccessValue.Count(var of) -> out.number(of.applyAsLong(entry));
                    case AccessValue.Millis(var of) -> out.millis(of.applyAsLong(entry));
                    case AccessValue.Time(var of) -> out.time(of.applyAsLong(entry));
                }
            }
        }

        private void text(LogText out, String text) {
            if (isPlain(text)) {
                out.text(text);
            } else {
                out.quoted(text);
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

    public abstract void write(LogText out, List<AccessField> fields, AccessEntry entry);
}
