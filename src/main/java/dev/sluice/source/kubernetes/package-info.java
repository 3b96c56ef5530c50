/// Resources from a Kubernetes API server, and statuses to it.
@NullMarked
package dev.sluice.source.kubernetes;

import org.jspecify.annotations.NullMarked;
