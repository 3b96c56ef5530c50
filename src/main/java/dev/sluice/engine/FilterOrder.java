package dev.sluice.engine;

/// The order of stages on the way to the backend; responses pass them in reverse. Each constant
/// says why it stands where it stands.
public enum FilterOrder {
    /// Keeps nothing from passing, and reports what others refuse as well.
    TELEMETRY,
    /// Refuses what a broken policy should have judged, before anything is done for the request.
    CLOSED,
    /// Answers preflight requests before a redirect or an authorization could refuse them: browsers
    /// send them without credentials.
    CORS,
    /// Before all that asks who the client is.
    AUTHENTICATION,
    /// After it is known who the client is, before anything is done for those who may not.
    AUTHORIZATION,
    /// After authorization: a forged request is one that would have been permitted.
    CSRF,
    /// Before everything that costs something, and before redirects, which would tell a client
    /// where to go on asking. After authentication, so that claims can be counted by.
    RATE_LIMIT,
    /// Answers instead of the backend, so nothing behind it runs.
    REDIRECT,
    /// What backends and Spring filters see is the changed header.
    REQUEST_HEADERS,
    /// After header changes: the rewritten Host is not one of them (Gateway API: URLRewrite wins).
    REWRITE,
    /// Before Spring filters on the way in, so it is after them on the way out: what the route's
    /// author demands of the response holds whatever a Spring filter did.
    RESPONSE_HEADERS
}
