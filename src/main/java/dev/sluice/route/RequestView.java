package dev.sluice.route;

import org.jspecify.annotations.Nullable;

/// What the search for a rule needs to know of a request. The engine's request implements it
/// without copies.
public interface RequestView {

    /// The method as received; methods are case-sensitive (RFC 9110 9.1).
    String method();

    /// The host in lower case and without port; empty if the request has none.
    String host();

    /// The path as [dev.sluice.path.NormalizedPath] makes it: starts with `/`, or is `*`.
    String path();

    /// The query as received, without its `?`; empty if the request has none.
    String query();

    /// The values of all header fields of that name, joined with `,`; null when there is none.
    ///
    /// @param name in lower case
    @Nullable String header(String name);
}
