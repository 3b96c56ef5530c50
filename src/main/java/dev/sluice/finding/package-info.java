/// Findings: what is wrong with what users wrote, where it stands and what to do about it.
@NullMarked
package dev.sluice.finding;

import org.jspecify.annotations.NullMarked;
