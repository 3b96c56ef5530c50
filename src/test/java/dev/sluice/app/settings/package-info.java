/// Settings of an instance, their ranges, and how they are read anew while it runs.
@NullMarked
package dev.sluice.app.settings;

import org.jspecify.annotations.NullMarked;
