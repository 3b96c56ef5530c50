package dev.sluice.upstream.balance;

import org.jspecify.annotations.Nullable;

/// What consistent hashing may look at of a request.
public interface HashInput {

    /// The value of a header field, null when there is none.
    @Nullable String header(String name);

    /// The value of a cookie, null when there is none.
    @Nullable String cookie(String name);

    /// The client's address without port: the peer's, or what trusted proxies say.
    String clientHost();
}
