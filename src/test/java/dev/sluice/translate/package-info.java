/// Tests of the translation, most of them pairs of files.
@NullMarked
package dev.sluice.translate;

import org.jspecify.annotations.NullMarked;
