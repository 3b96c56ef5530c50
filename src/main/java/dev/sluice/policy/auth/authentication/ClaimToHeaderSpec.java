package dev.sluice.policy.auth.authentication;

import dev.sluice.policy.SpecReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An entry of field `claimToHeaders` of several sections.
public record ClaimToHeaderSpec(String claim, String header) {

    /// @param in of the list
    public static List<ClaimHeader> read(@Nullable List<ClaimToHeaderSpec> written, SpecReader in) {
        return SpecReader.orEmpty(written).stream()
                .map(each -> new ClaimHeader(each.claim(), in.headerName(each.header())))
                .toList();
    }
}
