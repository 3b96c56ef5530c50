package dev.sluice.route;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A user's regular expression, with a bound on the work that one request can cause.
///
/// `java.util.regex` backtracks: time can grow exponentially with the length of the text, and its
/// recursion can exhaust the stack. Both are in the hands of clients, and this runs on an event
/// loop that serves others. A text that needs more than the bound is [Undecided].
final class BoundedRegex {

    /// Characters that one match may read, about a millisecond of work.
    static final int MAX_READS = 200_000;

    private final String source;

    /// Null for one that is too deep to be compiled here, where less stack is left than in the
    /// translation: it decides nothing.
    private final @Nullable Pattern pattern;

    BoundedRegex(String text) {
        this(text, 0);
    }

    private BoundedRegex(String text, int flags) {
        source = text;
        pattern = compiled(text, flags);
    }

    /// The same, with upper and lower case as one.
    BoundedRegex ignoringCase() {
        return new BoundedRegex(source, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static @Nullable Pattern compiled(String text, int flags) {
        try {
            return Pattern.compile(text, flags);
        } catch (PatternSyntaxException e) {
            // The translation refuses such expressions with a status, so this is a defect there.
            throw new IllegalArgumentException("invalid regular expression '" + text + "'", e);
        } catch (StackOverflowError e) {
            return null;
        }
    }

    /// Whether the whole text matches.
    boolean matches(String text) {
        if (pattern == null) {
            throw new Undecided(source, null);
        }
        try {
            return pattern.matcher(new MeteredText(text)).matches();
        } catch (StackOverflowError e) {
            throw new Undecided(source, e);
        }
    }

    @Override
    public String toString() {
        return source;
    }

    /// Thrown when an expression needs too much work for a text. The search then ends without a
    /// result: to go on with less specific rules would let a client choose to avoid a rule.
    static final class Undecided extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String reason;

        Undecided(String expression, @Nullable Throwable cause) {
            String reason = "regular expression '" + expression + "' takes too much work";
            super(reason, cause, false, false);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    private final class MeteredText implements CharSequence {
        private final String text;
        private int reads;

        MeteredText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++reads > MAX_READS) {
                throw new Undecided(source, null);
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
