package dev.sluice.policy.auth;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Field `from` of several sections.
record WrittenPlaces(
        @Nullable List<WrittenHeader> headers,
        @Nullable List<String> cookies,
        @Nullable List<String> params) {

    record WrittenHeader(String name, @Nullable String prefix) {}

    static CredentialPlaces or(@Nullable WrittenPlaces written, CredentialPlaces otherwise) {
        return written == null
                ? otherwise
                : new CredentialPlaces(
                        JwtDecoding.orEmpty(written.headers()).stream()
                                .map(WrittenPlaces::header)
                                .toList(),
                        JwtDecoding.orEmpty(written.cookies()),
                        JwtDecoding.orEmpty(written.params()));
    }

    private static CredentialPlaces.Header header(WrittenHeader written) {
        String prefix = written.prefix();
        return new CredentialPlaces.Header(
                written.name().toLowerCase(Locale.ROOT), prefix == null ? "" : prefix);
    }
}
