/// What the API server does to an object before it keeps it: unknown fields go, defaults come, and
/// the schemas and CEL rules of the CustomResourceDefinitions are checked. For objects that no API
/// server has seen.
@NullMarked
package dev.sluice.schema;

import org.jspecify.annotations.NullMarked;
