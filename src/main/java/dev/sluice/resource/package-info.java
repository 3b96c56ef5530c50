/// What users wrote, a record for each kind, and what we answer: conditions and statuses.
@NullMarked
package dev.sluice.resource;

import org.jspecify.annotations.NullMarked;
