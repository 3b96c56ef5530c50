/// Routes: attachment to listeners, rules, matches and filters.
@NullMarked
package dev.sluice.translate.route;

import org.jspecify.annotations.NullMarked;
