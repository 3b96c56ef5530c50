package dev.sluice.route;

import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;

/// What a search finds. There is one instance per rule and match, so that finding it makes no
/// garbage.
///
/// @param rule the rule that takes the request
/// @param match which of its matches does
/// @param target what the rule was compiled to
/// @param <R> type of the target
public record RouteEntry<R>(HttpRule rule, HttpMatch match, R target) {}
