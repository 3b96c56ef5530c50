package dev.sluice.filter;

import dev.sluice.ir.HttpFilter.Field;
import dev.sluice.ir.HttpFilter.HeaderEdit;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A header edit with its names and values ready to be written.
final class HeaderChange {

    private record PreparedField(AsciiString name, AsciiString value) {}

    private final List<PreparedField> set;
    private final List<PreparedField> add;
    private final List<AsciiString> remove;

    HeaderChange(HeaderEdit edit) {
        set = edit.set().stream().map(HeaderChange::ready).toList();
        add = edit.add().stream().map(HeaderChange::ready).toList();
        remove = edit.remove().stream().map(AsciiString::new).toList();
    }

    /// Values go out as UTF-8: field values are octets (RFC 9110 5.5).
    private static PreparedField ready(Field field) {
        byte[] value = field.value().getBytes(StandardCharsets.UTF_8);
        return new PreparedField(new AsciiString(field.name()), new AsciiString(value, false));
    }

    /// What is removed from a head does not come back as a trailer, nor does what is set.
    void applyToTrailers(HttpHeaders trailers) {
        remove.forEach(trailers::remove);
        set.forEach(field -> trailers.remove(field.name()));
    }

    void apply(HttpHeaders headers) {
        for (PreparedField field : set) {
            headers.set(field.name(), field.value());
        }
        for (PreparedField field : add) {
            headers.add(field.name(), field.value());
        }
        for (AsciiString name : remove) {
            headers.remove(name);
        }
    }
}
