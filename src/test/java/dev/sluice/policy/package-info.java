/// Tests of what kinds of policies share.
@NullMarked
package dev.sluice.policy;

import org.jspecify.annotations.NullMarked;
