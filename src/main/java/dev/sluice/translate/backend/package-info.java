/// References to Services: upstreams, their endpoints, and TLS to them.
@NullMarked
package dev.sluice.translate.backend;

import org.jspecify.annotations.NullMarked;
