package dev.sluice.observe;

import io.micrometer.common.docs.KeyName;

/// The tags of [SluiceMeters], by the meters that have them.
public final class MeterTags {

    private MeterTags() {}

    /// Tags of [SluiceMeters#REQUESTS].
    public enum RequestKeys implements KeyName {
        /// The rule's id; `none` where no rule took the request, `other` beyond the most rules that
        /// have series of their own.
        RULE,
        /// The class of the status: `2xx`; `gone` when the client left before an answer.
        STATUS;

        @Override
        public String asString() {
            return this == RULE ? "rule" : "status";
        }
    }

    /// Tags of [SluiceMeters#FAILURES].
    public enum FailureKeys implements KeyName {
        /// A constant of `Failure`.
        REASON;

        @Override
        public String asString() {
            return "reason";
        }
    }

    /// Tags of [SluiceMeters#CONNECTIONS_FAILED].
    public enum ConnectionKeys implements KeyName {
        /// A constant of `ConnectionFailure`.
        REASON;

        @Override
        public String asString() {
            return "reason";
        }
    }

    /// Tags of [SluiceMeters#UNEXPECTED_ERRORS].
    public enum ErrorKeys implements KeyName {
        /// The barrier that caught it, such as `translate.HTTPRoute`.
        PLACE;

        @Override
        public String asString() {
            return "place";
        }
    }

    /// Tags of [SluiceMeters#FRAMING_FIELDS_DROPPED].
    public enum FieldKeys implements KeyName {
        /// Who set them: `EXTERNAL_AUTH` or `SPRING_STAGE`.
        SOURCE;

        @Override
        public String asString() {
            return "source";
        }
    }

    /// Tags of meters of backends.
    public enum UpstreamKeys implements KeyName {
        /// The backend's id; `other` beyond the most backends that have series of their own.
        UPSTREAM;

        @Override
        public String asString() {
            return "upstream";
        }
    }

    /// Tags of [SluiceMeters#UPSTREAM_EJECTIONS].
    public enum EjectionKeys implements KeyName {
        /// A field of the policy, such as `connect`.
        CAUSE;

        @Override
        public String asString() {
            return "cause";
        }
    }

    /// Tags of [SluiceMeters#POLICY_REFUSED]; the first of them is also a tag of other meters of
    /// policies, the second of those of backends.
    public enum PolicyKeys implements KeyName {
        /// Kind, namespace and name, such as `RateLimitPolicy shop/cart`.
        POLICY,
        /// `enforce`, or `shadow` for requests that passed nevertheless.
        MODE;

        @Override
        public String asString() {
            return this == POLICY ? "policy" : "mode";
        }
    }

    /// Tags of [SluiceMeters#PROVIDER_AWAY].
    public enum ProviderKeys implements KeyName {
        /// Its issuer, or where it is asked, as policies have it; `other` beyond the most that have
        /// series of their own, with their number.
        PROVIDER,
        /// `keys`, `metadata` or `introspection`.
        PURPOSE;

        @Override
        public String asString() {
            return this == PROVIDER ? "provider" : "purpose";
        }
    }

    /// Tags of [SluiceMeters#REQUESTS_LABELLED].
    public enum LabelKeys implements KeyName {
        /// Kind, namespace and name, such as `TelemetryPolicy shop/cart`.
        POLICY,
        /// The name of the label.
        LABEL,
        /// One that the policy lists; `other` for the rest, `none` where the request has none.
        VALUE;

        @Override
        public String asString() {
            return switch (this) {
                case POLICY -> "policy";
                case LABEL -> "label";
                case VALUE -> "value";
            };
        }
    }

    /// The value of [PolicyKeys#MODE].
    ///
    /// @param enforced false for a policy in shadow
    static String mode(boolean enforced) {
        return enforced ? "enforce" : "shadow";
    }
}
