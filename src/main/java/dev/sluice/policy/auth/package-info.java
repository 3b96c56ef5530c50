/// AuthPolicy: who may send a request. Credentials are judged by stages on the event loop; what
/// takes long or has to wait (signatures, password hashes, identity providers) is done by virtual
/// threads.
@NullMarked
package dev.sluice.policy.auth;

import org.jspecify.annotations.NullMarked;
