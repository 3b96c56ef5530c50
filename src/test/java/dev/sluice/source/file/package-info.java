/// Tests of the source of files.
@NullMarked
package dev.sluice.source.file;

import org.jspecify.annotations.NullMarked;
