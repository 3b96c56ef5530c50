/// Sample backends and hints for `make run`.
@NullMarked
package dev.sluice.app.demo;

import org.jspecify.annotations.NullMarked;
