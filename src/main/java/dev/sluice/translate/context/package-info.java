/// What every step of a translation rests on: settings, grants and references to certificates.
@NullMarked
package dev.sluice.translate.context;

import org.jspecify.annotations.NullMarked;
