package dev.sluice.policy.auth.authentication;

import dev.sluice.policy.SpecReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Field `from` of several sections.
public record CredentialLocationsSpec(
        @Nullable List<CredentialHeaderSpec> headers,
        @Nullable List<String> cookies,
        @Nullable List<String> params) {

    record CredentialHeaderSpec(String name, @Nullable String prefix) {}

    /// @param in of the field
    public static CredentialLocations or(
            @Nullable CredentialLocationsSpec written,
            CredentialLocations otherwise,
            SpecReader in) {
        return written == null
                ? otherwise
                : new CredentialLocations(
                        SpecReader.orEmpty(written.headers()).stream()
                                .map(header -> header(header, in.at("headers")))
                                .toList(),
                        SpecReader.orEmpty(written.cookies()),
                        SpecReader.orEmpty(written.params()));
    }

    private static CredentialLocations.Header header(CredentialHeaderSpec written, SpecReader in) {
        String prefix = written.prefix();
        return new CredentialLocations.Header(
                in.headerName(written.name()), prefix == null ? "" : prefix);
    }
}
