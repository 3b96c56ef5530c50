/// Policies of our own (GEP-713): decoding, attachment, precedence and their statuses.
@NullMarked
package dev.sluice.translate.policy;

import org.jspecify.annotations.NullMarked;
