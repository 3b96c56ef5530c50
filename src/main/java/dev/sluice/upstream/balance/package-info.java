/// Which endpoint takes the next request: the set of a cluster, and its balancers.
@NullMarked
package dev.sluice.upstream.balance;

import org.jspecify.annotations.NullMarked;
