/// Tests of the sections that compare secrets.
@NullMarked
package dev.sluice.policy.auth.credential;

import org.jspecify.annotations.NullMarked;
