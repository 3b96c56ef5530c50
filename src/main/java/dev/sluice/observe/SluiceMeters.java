package dev.sluice.observe;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The meters of Sluice, as docs/observability.md lists them.
public enum SluiceMeters implements MeterDocumentation {
    REQUESTS(
            "sluice.requests",
            Meter.Type.TIMER,
            null,
            "Requests: time from the head to the last byte of the response"),
    FAILURES(
            "sluice.failures",
            Meter.Type.COUNTER,
            null,
            "Requests without a whole answer of a backend"),
    CONNECTIONS("sluice.connections", Meter.Type.GAUGE, null, "Client connections that are open"),
    CONNECTIONS_ACCEPTED(
            "sluice.connections.accepted",
            Meter.Type.COUNTER,
            null,
            "Client connections accepted since the start"),
    CONNECTIONS_REJECTED(
            "sluice.connections.rejected",
            Meter.Type.COUNTER,
            null,
            "Client connections closed at once because there were too many"),
    UPSTREAM_CONNECTIONS(
            "sluice.upstream.connections",
            Meter.Type.GAUGE,
            null,
            "Connections to a backend that are open"),
    UPSTREAM_REQUESTS(
            "sluice.upstream.requests",
            Meter.Type.GAUGE,
            null,
            "Requests that a backend is working on"),
    UPSTREAM_WAITING(
            "sluice.upstream.waiting",
            Meter.Type.GAUGE,
            null,
            "Requests that wait for a connection to a backend"),
    UPSTREAM_AVOIDED(
            "sluice.upstream.avoided",
            Meter.Type.GAUGE,
            null,
            "Endpoints of a backend that are not picked"),
    UPSTREAM_EJECTIONS(
            "sluice.upstream.ejections",
            Meter.Type.COUNTER,
            null,
            "Endpoints that a policy ejected, or would have ejected"),
    UPSTREAM_RETRIES_REFUSED(
            "sluice.upstream.retries.refused",
            Meter.Type.COUNTER,
            null,
            "Retries that a policy's budget refused, or would have refused"),
    TRANSLATION(
            "sluice.translation",
            Meter.Type.TIMER,
            null,
            "Time from a snapshot of the resources to its effect"),
    GENERATION(
            "sluice.generation",
            Meter.Type.GAUGE,
            null,
            "Configurations published since the start"),
    TRANSLATION_FAILURES(
            "sluice.translation.failures",
            Meter.Type.COUNTER,
            null,
            "Translations that failed by a fault of ours; the last good configuration stays"),
    LOOP_SILENCE(
            "sluice.loop.silence",
            Meter.Type.GAUGE,
            "seconds",
            "Time since the loop that takes changes over last gave a sign of life"),
    UNEXPECTED_ERRORS(
            "sluice.unexpected.errors",
            Meter.Type.COUNTER,
            null,
            "Errors of ours that a barrier caught; each ended one stream, one object or one turn of a loop"),
    POLICY_REFUSED(
            "sluice.policy.refused",
            Meter.Type.COUNTER,
            null,
            "Requests that a policy refused, or would have refused"),
    BREAKER_OPEN(
            "sluice.breaker.open",
            Meter.Type.GAUGE,
            null,
            "1 while a circuit breaker keeps requests from a backend"),
    REQUESTS_LABELLED(
            "sluice.requests.labelled",
            Meter.Type.COUNTER,
            null,
            "Requests by the labels of a policy"),
    FAULTS(
            "sluice.faults",
            Meter.Type.COUNTER,
            null,
            "Faults that a policy injected, or would have injected"),
    RATE_LIMIT_REDIS(
            "sluice.rate.limit.redis",
            Meter.Type.GAUGE,
            null,
            "1 while Redis counts global rate limits, 0 while it is away or slow"),
    RATE_LIMIT_WAIT(
            "sluice.rate.limit.wait",
            Meter.Type.TIMER,
            null,
            "Time that requests waited for Redis"),
    RATE_LIMIT_UNCOUNTED(
            "sluice.rate.limit.uncounted",
            Meter.Type.COUNTER,
            null,
            "Requests that Redis did not count in time"),
    PROVIDER_AWAY(
            "sluice.auth.provider.away",
            Meter.Type.GAUGE,
            null,
            "1 when an identity provider did not answer the last time that it was asked"),
    SESSION_REDIS(
            "sluice.session.redis",
            Meter.Type.GAUGE,
            null,
            "1 while Redis keeps sessions of logins, 0 while it is away or slow"),
    SETTINGS_REJECTED(
            "sluice.settings.rejected",
            Meter.Type.GAUGE,
            null,
            "1 while the files of settings hold what cannot be taken; the last good ones stay"),
    SETTINGS_RESTART(
            "sluice.settings.restart",
            Meter.Type.GAUGE,
            null,
            "Settings that were changed and need a restart"),
    ACCESS_LOG_DROPPED(
            "sluice.access.log.dropped",
            Meter.Type.COUNTER,
            "entries",
            "Entries of the access log that were dropped because its writer was behind"),

    /// Framing fields that were dropped.
    FRAMING_FIELDS_DROPPED(
            "sluice.framing.fields.dropped",
            Meter.Type.COUNTER,
            "fields",
            "Fields that frame or route a message, which a filter or an authorization server set"
                    + " and which were dropped");

    private final String name;
    private final Meter.Type type;
    private final @Nullable String unit;
    private final String description;

    SluiceMeters(String name, Meter.Type type, @Nullable String unit, String description) {
        this.name = name;
        this.type = type;
        this.unit = unit;
        this.description = description;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    @Override
    public @Nullable String getBaseUnit() {
        return unit;
    }

    @Override
    public KeyName[] getKeyNames() {
        return switch (this) {
            case REQUESTS -> RequestKeys.values();
            case FAILURES -> FailureKeys.values();
            case UPSTREAM_CONNECTIONS, UPSTREAM_REQUESTS, UPSTREAM_WAITING, UPSTREAM_AVOIDED ->
                    UpstreamKeys.values();
            case UPSTREAM_EJECTIONS ->
                    new KeyName[] {UpstreamKeys.UPSTREAM, EjectionKeys.CAUSE, PolicyKeys.MODE};
            case UPSTREAM_RETRIES_REFUSED -> new KeyName[] {UpstreamKeys.UPSTREAM, PolicyKeys.MODE};
            case UNEXPECTED_ERRORS -> ErrorKeys.values();
            case FRAMING_FIELDS_DROPPED -> FieldKeys.values();
            case POLICY_REFUSED -> PolicyKeys.values();
            case BREAKER_OPEN -> new KeyName[] {PolicyKeys.POLICY, UpstreamKeys.UPSTREAM};
            case PROVIDER_AWAY -> ProviderKeys.values();
            case REQUESTS_LABELLED -> LabelKeys.values();
            case RATE_LIMIT_UNCOUNTED, FAULTS -> new KeyName[] {PolicyKeys.POLICY};
            case CONNECTIONS,
                    RATE_LIMIT_REDIS,
                    RATE_LIMIT_WAIT,
                    SESSION_REDIS,
                    CONNECTIONS_ACCEPTED,
                    CONNECTIONS_REJECTED,
                    TRANSLATION,
                    GENERATION,
                    LOOP_SILENCE,
                    TRANSLATION_FAILURES,
                    SETTINGS_REJECTED,
                    SETTINGS_RESTART,
                    ACCESS_LOG_DROPPED ->
                    new KeyName[0];
        };
    }

    /// One sentence.
    public String description() {
        return description;
    }

    /// Tags of [#REQUESTS].
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

    /// Tags of [#FAILURES].
    public enum FailureKeys implements KeyName {
        /// A constant of `Failure`.
        REASON;

        @Override
        public String asString() {
            return "reason";
        }
    }

    /// Tags of [#UNEXPECTED_ERRORS].
    public enum ErrorKeys implements KeyName {
        /// The barrier that caught it, such as `translate.HTTPRoute`.
        PLACE;

        @Override
        public String asString() {
            return "place";
        }
    }

    /// Tags of [#FRAMING_FIELDS_DROPPED].
    public enum FieldKeys implements KeyName {
        /// Who set them: `EXTERNAL_AUTH` or `SPRING_STAGE`.
        SOURCE;

        @Override
        public String asString() {
            return "source";
        }
    }

    /// Registers the counter of fields that were dropped.
    public static <T> void framingFieldsDropped(
            MeterRegistry registry, String source, T of, ToDoubleFunction<T> count) {
        FunctionCounter.builder(FRAMING_FIELDS_DROPPED.name, of, count)
                .description(FRAMING_FIELDS_DROPPED.description)
                .baseUnit(FRAMING_FIELDS_DROPPED.unit)
                .tag(FieldKeys.SOURCE.asString(), source)
                .register(registry);
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

    /// Tags of [#UPSTREAM_EJECTIONS].
    public enum EjectionKeys implements KeyName {
        /// A field of the policy, such as `connect`.
        CAUSE;

        @Override
        public String asString() {
            return "cause";
        }
    }

    /// Tags of [#POLICY_REFUSED], and the first of them of [#RATE_LIMIT_UNCOUNTED].
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

    /// Tags of [#PROVIDER_AWAY].
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

    /// Tags of [#REQUESTS_LABELLED].
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

    /// The counter of the requests with a label of a policy.
    public static Counter labelled(
            MeterRegistry registry, String policy, String label, String value) {
        return Counter.builder(REQUESTS_LABELLED.name)
                .description(REQUESTS_LABELLED.description)
                .tag(LabelKeys.POLICY.asString(), policy)
                .tag(LabelKeys.LABEL.asString(), label)
                .tag(LabelKeys.VALUE.asString(), value)
                .register(registry);
    }

    /// The counter of what a policy refuses.
    ///
    /// @param enforced false when refused requests pass
    public static Counter refused(MeterRegistry registry, String policy, boolean enforced) {
        return Counter.builder(POLICY_REFUSED.name)
                .description(POLICY_REFUSED.description)
                .tag(PolicyKeys.POLICY.asString(), policy)
                .tag(PolicyKeys.MODE.asString(), mode(enforced))
                .register(registry);
    }

    /// The counter of ejected endpoints.
    ///
    /// @param enforced false when they are picked nevertheless
    static Counter ejections(
            MeterRegistry registry, String upstream, String cause, boolean enforced) {
        return Counter.builder(UPSTREAM_EJECTIONS.name)
                .description(UPSTREAM_EJECTIONS.description)
                .tag(UpstreamKeys.UPSTREAM.asString(), upstream)
                .tag(EjectionKeys.CAUSE.asString(), cause)
                .tag(PolicyKeys.MODE.asString(), mode(enforced))
                .register(registry);
    }

    /// The counter of retries beyond a budget.
    ///
    /// @param enforced false when they are made nevertheless
    static Counter retriesRefused(MeterRegistry registry, String upstream, boolean enforced) {
        return Counter.builder(UPSTREAM_RETRIES_REFUSED.name)
                .description(UPSTREAM_RETRIES_REFUSED.description)
                .tag(UpstreamKeys.UPSTREAM.asString(), upstream)
                .tag(PolicyKeys.MODE.asString(), mode(enforced))
                .register(registry);
    }

    private static String mode(boolean enforced) {
        return enforced ? "enforce" : "shadow";
    }

    /// The counter of what Redis did not count for a policy.
    public static Counter uncounted(MeterRegistry registry, String policy) {
        return Counter.builder(RATE_LIMIT_UNCOUNTED.name)
                .description(RATE_LIMIT_UNCOUNTED.description)
                .tag(PolicyKeys.POLICY.asString(), policy)
                .register(registry);
    }

    /// The counter of the faults of a policy.
    public static Counter faults(MeterRegistry registry, String policy) {
        return Counter.builder(FAULTS.name)
                .description(FAULTS.description)
                .tag(PolicyKeys.POLICY.asString(), policy)
                .register(registry);
    }

    /// The counter of a reason.
    public static Counter failures(MeterRegistry registry, String reason) {
        return Counter.builder(FAILURES.name)
                .description(FAILURES.description)
                .tag(FailureKeys.REASON.asString(), reason)
                .register(registry);
    }

    /// The counter of the errors that a barrier caught.
    static Counter unexpected(MeterRegistry registry, String place) {
        return Counter.builder(UNEXPECTED_ERRORS.name)
                .description(UNEXPECTED_ERRORS.description)
                .tag(ErrorKeys.PLACE.asString(), place)
                .register(registry);
    }

    /// The timer of waits for Redis. Its buckets tell how many took longer than they should.
    public static Timer waits(MeterRegistry registry) {
        return Timer.builder(RATE_LIMIT_WAIT.name)
                .description(RATE_LIMIT_WAIT.description)
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(200))
                .register(registry);
    }

    /// A timer without tags.
    public Timer timer(MeterRegistry registry) {
        return Timer.builder(name).description(description).register(registry);
    }

    /// A counter without tags.
    public Counter counter(MeterRegistry registry) {
        return Counter.builder(name).description(description).baseUnit(unit).register(registry);
    }

    /// A counter that is kept elsewhere.
    public <T> void count(MeterRegistry registry, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value)
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }

    /// A gauge.
    ///
    /// @param tags names and values in turn
    public <T> Meter gauge(
            MeterRegistry registry, T of, ToDoubleFunction<T> value, String... tags) {
        return Gauge.builder(name, of, value)
                .strongReference(true)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }
}
