@NullMarked
package dev.sluice.source.kubernetes.event;

import org.jspecify.annotations.NullMarked;
