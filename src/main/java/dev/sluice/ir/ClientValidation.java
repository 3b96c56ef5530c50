package dev.sluice.ir;

import java.util.List;

/// How certificates of clients are checked (GEP-91).
///
/// @param authorities PEM certificates that are trusted, at least one
/// @param insecureFallback whether clients without a valid certificate are let in all the same
public record ClientValidation(List<String> authorities, boolean insecureFallback) {

    public ClientValidation {
        authorities = List.copyOf(authorities);
    }
}
