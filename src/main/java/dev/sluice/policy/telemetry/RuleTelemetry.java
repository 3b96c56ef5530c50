package dev.sluice.policy.telemetry;

import dev.cel.runtime.CelEvaluationException;
import dev.sluice.cel.CelExpression;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Telemetry;
import dev.sluice.observe.AccessField;
import dev.sluice.observe.AccessSink;
import dev.sluice.observe.RequestSpan;
import dev.sluice.observe.Sampling;
import dev.sluice.policy.telemetry.Tracing.Attribute;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the sections that are in effect for a rule say.
final class RuleTelemetry implements Telemetry {

    /// Characters of an attribute's value that are kept: a client chooses how long it is.
    private static final int LONGEST = 256;

    private final @Nullable CelExpression when;
    private final @Nullable List<AccessField> fields;
    private final Set<AccessSink> sinks;
    private final @Nullable Tracing tracing;
    private final @Nullable Sampling sampling;
    private final List<LabelCounts> counts;

    RuleTelemetry(@Nullable Logging logging, @Nullable Tracing tracing, List<LabelCounts> counts) {
        String condition = logging == null ? null : logging.when();
        this.when = condition == null ? null : CelExpression.afterwards(condition);
        this.fields = logging == null ? null : logging.fields();
        this.sinks = logging == null ? STDOUT : logging.sinks();
        this.tracing = tracing;
        this.sampling =
                tracing == null
                        ? null
                        : new Sampling(
                                (double) tracing.numerator() / tracing.denominator(),
                                tracing.parentBased());
        this.counts = counts;
    }

    /// A condition without a result, such as for a claim that is not there, keeps no line away.
    @Override
    public boolean isLogged(Exchange exchange, int status) {
        if (when == null) {
            return true;
        }
        try {
            return when.holds(exchange, status);
        } catch (CelEvaluationException e) {
            return true;
        }
    }

    @Override
    public @Nullable List<AccessField> fields() {
        return fields;
    }

    @Override
    public Set<AccessSink> sinks() {
        return sinks;
    }

    @Override
    public @Nullable Sampling sampling() {
        return sampling;
    }

    @Override
    public void describe(Exchange exchange, RequestSpan span) {
        if (tracing == null) {
            return;
        }
        for (Attribute attribute : tracing.attributes()) {
            String value =
                    switch (attribute) {
                        case Attribute.Header(_, String header) -> exchange.header(header);
                        case Attribute.Literal(_, String literal) -> literal;
                    };
            if (value != null) {
                span.attribute(
                        attribute.name(),
                        value.length() > LONGEST ? value.substring(0, LONGEST) : value);
            }
        }
    }

    @Override
    public void count(Exchange exchange) {
        for (LabelCounts each : counts) {
            each.count(exchange);
        }
    }
}
