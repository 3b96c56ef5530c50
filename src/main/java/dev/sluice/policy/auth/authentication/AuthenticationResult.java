package dev.sluice.policy.auth.authentication;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import dev.sluice.engine.LocalReply;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What became of looking at the credentials of a request.
public sealed interface AuthenticationResult {

    /// It has none of the kind.
    record Absent() implements AuthenticationResult {
        public static final Absent ABSENT = new Absent();
    }

    /// They are good.
    ///
    /// @param identity who sent it
    /// @param fields that pass it to the backend
    /// @param dropped the credential where it is taken away, null to leave it
    record Accepted(Identity identity, List<HeaderField> fields, @Nullable Credential dropped)
            implements AuthenticationResult {
        public Accepted {
            fields = List.copyOf(fields);
        }

        /// Of a client that has a name, and nothing else that is known of it.
        ///
        /// @param field that passes the backend the name, null for none
        public static Accepted named(
                String name,
                String method,
                @Nullable HeaderField field,
                @Nullable Credential dropped) {
            return new Accepted(
                    new Identity(name, method, Map.of(), Set.of()),
                    field == null ? List.of() : List.of(field),
                    dropped);
        }
    }

    /// They are good, and the client gets others in their place.
    ///
    /// @param cookies values of `Set-Cookie`
    record Renewed(Accepted accepted, List<String> cookies) implements AuthenticationResult {
        public Renewed {
            cookies = List.copyOf(cookies);
        }
    }

    /// The request is not for the backend.
    record Answered(LocalReply localReply) implements AuthenticationResult {}

    /// Something that a request has, and that the backend need not get.
    interface Credential {
        void remove(Exchange exchange);
    }

    /// A header field.
    record HeaderField(String name, String value) {}

    /// They are not good, or cannot be judged.
    ///
    /// @param status 400, 401, 403 or 503
    /// @param error code of RFC 6750 3.1, null for none
    /// @param reason for the client: names no secret
    record Refused(int status, @Nullable String error, String reason)
            implements AuthenticationResult {

        public static Refused invalidToken(String reason) {
            return new Refused(401, "invalid_token", reason);
        }

        public static Refused unclear(String reason) {
            return new Refused(400, "invalid_request", reason);
        }

        public static Refused unavailable(String reason) {
            return new Refused(503, null, reason);
        }
    }

    /// The request's body has to be read first.
    ///
    /// @param most bytes of it
    /// @param then gets them, on the event loop
    record NeedsBody(int most, Function<byte[], AuthenticationResult> then)
            implements AuthenticationResult {}

    /// It takes time to judge them.
    ///
    /// @param work may wait; done by a virtual thread
    record Pending(Callable<AuthenticationResult> work) implements AuthenticationResult {}
}
