/// Events that we write: on our own pod, and on the objects of users.
@NullMarked
package dev.sluice.source.kubernetes.event;

import org.jspecify.annotations.NullMarked;
