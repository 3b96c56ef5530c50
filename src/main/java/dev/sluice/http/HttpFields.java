package dev.sluice.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The fields of a message in the order in which they came, in one array: a message has some ten,
/// and to look through them costs less than to hash, and a fifth of the memory of a table. Their
/// number is bounded by [MessageLimits#fields()].
///
/// Names and values are not checked: the parser has done so, and callers that add others check them
/// ([HttpSyntax#isFieldValue(CharSequence)]).
public final class HttpFields extends HttpHeaders {

    /// Room for the fields that the gateway adds.
    private static final int SPARE = 4;

    /// Name, value, name, value.
    private CharSequence[] entries;

    private int end;

    public HttpFields() {
        this(SPARE);
    }

    /// @param expected how many fields will come
    public HttpFields(int expected) {
        entries = new CharSequence[2 * (expected + SPARE)];
    }

    private HttpFields(HttpFields other) {
        entries = Arrays.copyOf(other.entries, other.entries.length);
        end = other.end;
    }

    private static boolean equal(CharSequence name, CharSequence other) {
        return name.length() == other.length() && AsciiString.contentEqualsIgnoreCase(name, other);
    }

    private int find(CharSequence name, int from) {
        for (int i = from; i < end; i += 2) {
            if (equal(entries[i], name)) {
                return i;
            }
        }
        return -1;
    }

    private HttpFields append(CharSequence name, CharSequence value) {
        if (end == entries.length) {
            entries = Arrays.copyOf(entries, 2 * end + 2 * SPARE);
        }
        entries[end++] = name;
        entries[end++] = value;
        return this;
    }

    private void drop(CharSequence name) {
        int first = find(name, 0);
        if (first < 0) {
            return;
        }
        int kept = first;
        for (int i = first; i < end; i += 2) {
            if (!equal(entries[i], name)) {
                entries[kept++] = entries[i];
                entries[kept++] = entries[i + 1];
            }
        }
        Arrays.fill(entries, kept, end, null);
        end = kept;
    }

    private static CharSequence text(Object value) {
        return switch (value) {
            case CharSequence text -> text;
            case Date date -> DateFormatter.format(date);
            default -> value.toString();
        };
    }

    /// How many fields have that name.
    public int count(CharSequence name) {
        int count = 0;
        for (int i = find(name, 0); i >= 0; i = find(name, i + 2)) {
            count++;
        }
        return count;
    }

    @Override
    public @Nullable String get(CharSequence name) {
        int at = find(name, 0);
        return at < 0 ? null : entries[at + 1].toString();
    }

    @Override
    public @Nullable String get(String name) {
        return get((CharSequence) name);
    }

    @Override
    public List<String> getAll(CharSequence name) {
        int at = find(name, 0);
        if (at < 0) {
            return List.of();
        }
        int next = find(name, at + 2);
        if (next < 0) {
            return List.of(entries[at + 1].toString());
        }
        List<String> all = new ArrayList<>();
        for (; at >= 0; at = find(name, at + 2)) {
            all.add(entries[at + 1].toString());
        }
        return all;
    }

    @Override
    public List<String> getAll(String name) {
        return getAll((CharSequence) name);
    }

    @Override
    public boolean contains(CharSequence name) {
        return find(name, 0) >= 0;
    }

    @Override
    public boolean contains(String name) {
        return find(name, 0) >= 0;
    }

    @Override
    public boolean isEmpty() {
        return end == 0;
    }

    @Override
    public int size() {
        return end / 2;
    }

    @Override
    public Set<String> names() {
        Set<String> names = LinkedHashSet.newLinkedHashSet(size());
        for (int i = 0; i < end; i += 2) {
            names.add(entries[i].toString());
        }
        return names;
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        return append(name, text(value));
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        return append(name, text(value));
    }

    @Override
    public HttpHeaders add(String name, Iterable<?> values) {
        return add((CharSequence) name, values);
    }

    @Override
    public HttpHeaders add(CharSequence name, Iterable<?> values) {
        for (Object value : values) {
            append(name, text(value));
        }
        return this;
    }

    @Override
    public HttpHeaders set(CharSequence name, Object value) {
        drop(name);
        return append(name, text(value));
    }

    @Override
    public HttpHeaders set(String name, Object value) {
        return set((CharSequence) name, value);
    }

    @Override
    public HttpHeaders set(String name, Iterable<?> values) {
        return set((CharSequence) name, values);
    }

    @Override
    public HttpHeaders set(CharSequence name, Iterable<?> values) {
        drop(name);
        return add(name, values);
    }

    @Override
    public HttpHeaders remove(CharSequence name) {
        drop(name);
        return this;
    }

    @Override
    public HttpHeaders remove(String name) {
        drop(name);
        return this;
    }

    @Override
    public HttpHeaders clear() {
        Arrays.fill(entries, 0, end, null);
        end = 0;
        return this;
    }

    @Override
    public HttpHeaders copy() {
        return new HttpFields(this);
    }

    @Override
    public List<Map.Entry<String, String>> entries() {
        List<Map.Entry<String, String>> all = new ArrayList<>(size());
        for (int i = 0; i < end; i += 2) {
            all.add(Map.entry(entries[i].toString(), entries[i + 1].toString()));
        }
        return all;
    }

    /// Of the fields as they are now.
    @Deprecated // by Netty, in favour of its other iterators
    @SuppressWarnings("InlineMeSuggester") // nobody calls it by this type
    @Override
    public Iterator<Map.Entry<String, String>> iterator() {
        return entries().iterator();
    }

    /// The fields must not change meanwhile.
    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
        return new Walk();
    }

    private final class Walk implements Iterator<Map.Entry<CharSequence, CharSequence>> {

        private int at;

        @Override
        public boolean hasNext() {
            return at < end;
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (at >= end) {
                throw new NoSuchElementException();
            }
            at += 2;
            return Map.entry(entries[at - 2], entries[at - 1]);
        }
    }

    // Values that are no text.

    private <T> @Nullable T parsed(CharSequence name, Function<String, @Nullable T> parser) {
        String value = get(name);
        try {
            return value == null ? null : parser.apply(value);
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static <T> T or(@Nullable T value, T other) {
        return value == null ? other : value;
    }

    @SuppressWarnings("JavaUtilDate") // Netty's formatter has no other
    private static @Nullable Long millis(String date) {
        Date parsed = DateFormatter.parseHttpDate(date);
        return parsed == null ? null : parsed.getTime();
    }

    @Override
    public @Nullable Integer getInt(CharSequence name) {
        return parsed(name, Integer::valueOf);
    }

    @Override
    public int getInt(CharSequence name, int other) {
        return or(getInt(name), other);
    }

    @Override
    public @Nullable Short getShort(CharSequence name) {
        return parsed(name, Short::valueOf);
    }

    @Override
    public short getShort(CharSequence name, short other) {
        return or(getShort(name), other);
    }

    @Override
    public @Nullable Long getTimeMillis(CharSequence name) {
        return parsed(name, HttpFields::millis);
    }

    @Override
    public long getTimeMillis(CharSequence name, long other) {
        return or(getTimeMillis(name), other);
    }

    @Override
    public HttpHeaders addInt(CharSequence name, int value) {
        return append(name, Integer.toString(value));
    }

    @Override
    public HttpHeaders addShort(CharSequence name, short value) {
        return addInt(name, value);
    }

    @Override
    public HttpHeaders setInt(CharSequence name, int value) {
        return set(name, Integer.toString(value));
    }

    @Override
    public HttpHeaders setShort(CharSequence name, short value) {
        return setInt(name, value);
    }
}
