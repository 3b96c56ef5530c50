/// Connections to backends: pools, balancing, TLS, and backends that break the rules.
@NullMarked
package dev.sluice.gateway.upstream;

import org.jspecify.annotations.NullMarked;
