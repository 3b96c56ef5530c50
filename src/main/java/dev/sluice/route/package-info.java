/// Finding the rule of a request: the compiled, immutable table and the explanation of its answers.
@NullMarked
package dev.sluice.route;

import org.jspecify.annotations.NullMarked;
