package dev.sluice.policy.auth.authentication;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Field `from` of several sections.
public record CredentialLocationsSpec(
        @Nullable List<CredentialHeaderSpec> headers,
        @Nullable List<String> cookies,
        @Nullable List<String> params) {

    record CredentialHeaderSpec(String name, @Nullable String prefix) {}

    /// @param field of the policy, for errors
    public static CredentialLocations or(
            @Nullable CredentialLocationsSpec written,
            CredentialLocations otherwise,
            String field) {
        return written == null
                ? otherwise
                : new CredentialLocations(
                        SectionFields.orEmpty(written.headers()).stream()
                                .map(header -> header(header, field + ".headers"))
                                .toList(),
                        SectionFields.orEmpty(written.cookies()),
                        SectionFields.orEmpty(written.params()));
    }

    private static CredentialLocations.Header header(CredentialHeaderSpec written, String field) {
        String prefix = written.prefix();
        return new CredentialLocations.Header(
                FieldNameCheck.checked(written.name(), field), prefix == null ? "" : prefix);
    }
}
