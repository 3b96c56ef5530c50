/// Which policies are in effect where.
@NullMarked
package dev.sluice.translate.policy;

import org.jspecify.annotations.NullMarked;
