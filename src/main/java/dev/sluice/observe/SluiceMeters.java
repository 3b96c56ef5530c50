package dev.sluice.observe;

import dev.sluice.observe.MeterTags.ConnectionKeys;
import dev.sluice.observe.MeterTags.EjectionKeys;
import dev.sluice.observe.MeterTags.ErrorKeys;
import dev.sluice.observe.MeterTags.FailureKeys;
import dev.sluice.observe.MeterTags.FieldKeys;
import dev.sluice.observe.MeterTags.LabelKeys;
import dev.sluice.observe.MeterTags.PolicyKeys;
import dev.sluice.observe.MeterTags.ProviderKeys;
import dev.sluice.observe.MeterTags.RequestKeys;
import dev.sluice.observe.MeterTags.UpstreamKeys;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.docs.MeterDocumentation;
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
    CONNECTIONS_FAILED(
            "sluice.connections.failed",
            Meter.Type.COUNTER,
            null,
            "Client connections that were ended, or not taken, for an error that is not of one request"),
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
            case CONNECTIONS_FAILED -> ConnectionKeys.values();
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

    /// A timer without tags.
    public Timer timer(MeterRegistry registry) {
        return Timer.builder(name).description(description).register(registry);
    }

    /// A counter.
    ///
    /// @param tags names and values in turn
    public Counter counter(MeterRegistry registry, String... tags) {
        return Counter.builder(name)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    /// A counter that is kept elsewhere.
    ///
    /// @param tags names and values in turn
    public <T> void count(MeterRegistry registry, T of, ToDoubleFunction<T> value, String... tags) {
        FunctionCounter.builder(name, of, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
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
