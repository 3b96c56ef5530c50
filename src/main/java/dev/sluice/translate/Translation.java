package dev.sluice.translate;

import dev.sluice.ir.Configuration;
import dev.sluice.resource.Statuses;

/// The outcome of a translation.
///
/// @param rejected how many routes or listeners are not served as they were written
public record Translation(Configuration configuration, Statuses statuses, int rejected) {}
