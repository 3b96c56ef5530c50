/// The loop: snapshot, translation, publication, statuses.
@NullMarked
package dev.sluice.control;

import org.jspecify.annotations.NullMarked;
