/// The Spring stage: rules as Spring Cloud Gateway routes, and its filters run over the engine's
/// requests.
@NullMarked
package dev.sluice.spring;

import org.jspecify.annotations.NullMarked;
