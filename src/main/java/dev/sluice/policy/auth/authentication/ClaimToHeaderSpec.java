package dev.sluice.policy.auth.authentication;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An entry of field `claimToHeaders` of several sections.
public record ClaimToHeaderSpec(String claim, String header) {

    /// @param field of the policy, for errors
    public static List<ClaimHeader> read(@Nullable List<ClaimToHeaderSpec> written, String field) {
        return SectionFields.orEmpty(written).stream()
                .map(each ->
                        new ClaimHeader(each.claim(), FieldNameCheck.checked(each.header(), field)))
                .toList();
    }
}
