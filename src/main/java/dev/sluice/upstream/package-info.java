/// Backends as clusters: their endpoints and policies, and budgets of retries.
@NullMarked
package dev.sluice.upstream;

import org.jspecify.annotations.NullMarked;
