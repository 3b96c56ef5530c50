/// Resources from YAML files of a folder.
@NullMarked
package dev.sluice.source.file;

import org.jspecify.annotations.NullMarked;
