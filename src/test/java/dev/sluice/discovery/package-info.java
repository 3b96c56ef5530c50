@NullMarked
package dev.sluice.discovery;

import org.jspecify.annotations.NullMarked;
