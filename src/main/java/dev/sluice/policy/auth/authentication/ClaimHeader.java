package dev.sluice.policy.auth.authentication;

/// A claim that the backend receives in a header field.
///
/// @param claim a name, or a path of names with dots between them
/// @param header in lower case
public record ClaimHeader(String claim, String header) {}
