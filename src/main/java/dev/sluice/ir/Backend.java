package dev.sluice.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a share of a rule's requests goes.
public sealed interface Backend {

    /// Share among the weights of the rule, 0 to 1,000,000; 0 gets no requests.
    int weight();

    /// An upstream.
    ///
    /// @param weight share
    /// @param upstream an [Upstream#id] of the same [Configuration]
    /// @param filters filters for this backend only
    /// @param policies sections of policies that are in effect for it
    /// @param fallback upstream that one of them may send requests to instead, null for none
    record Forward(
            int weight,
            String upstream,
            List<HttpFilter> filters,
            List<AttachedPolicy> policies,
            @Nullable String fallback)
            implements Backend {

        public Forward {
            filters = List.copyOf(filters);
            policies = List.copyOf(policies);
        }

        /// A backend without policies.
        public Forward(int weight, String upstream, List<HttpFilter> filters) {
            this(weight, upstream, filters, List.of(), null);
        }
    }

    /// A reference that does not resolve. It keeps its share and answers it with an error.
    ///
    /// @param weight share
    /// @param status HTTP status of the answer
    /// @param message why, shown to the client in one line
    record Invalid(int weight, int status, String message) implements Backend {}
}
