package dev.sluice.ir;

/// A condition on a header field or a query parameter.
///
/// @param name of the field or parameter
/// @param value the text or the expression
/// @param regex whether the value is a regular expression that the whole field must match
public record ValueMatch(String name, String value, boolean regex) {}
