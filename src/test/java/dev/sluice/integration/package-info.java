/// Tests against the real things: `make test-integration` fetches and starts them.
@NullMarked
package dev.sluice.integration;

import org.jspecify.annotations.NullMarked;
