/// What the management port shows: statuses, and which rule takes a request and why.
@NullMarked
package dev.sluice.admin;

import org.jspecify.annotations.NullMarked;
