/// How the API server is spoken to: JSON over HTTP, connections, pace.
@NullMarked
package dev.sluice.source.kubernetes.api;

import org.jspecify.annotations.NullMarked;
