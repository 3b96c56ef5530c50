package dev.sluice.policy.telemetry;

import dev.sluice.cel.CelExpression;
import dev.sluice.ir.PolicySection;
import dev.sluice.observe.AccessField;
import dev.sluice.observe.AccessSink;
import dev.sluice.policy.telemetry.Tracing.Attribute;
import dev.sluice.resource.Policy;
import dev.sluice.resource.TelemetryPolicy;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.policy.SpecJson;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decodes TelemetryPolicies. A section that cannot be used has no effect: requests are told of as
/// the settings say.
public final class TelemetryKind implements PolicyKind {

    /// Fields that hold secrets, which go to no log, span or label.
    private static final Set<String> SECRET =
            Set.of(
                    "authorization",
                    "proxy-authorization",
                    "cookie",
                    "set-cookie",
                    "x-api-key",
                    "x-auth-token",
                    "x-csrf-token");

    @Override
    public Class<? extends Policy> type() {
        return TelemetryPolicy.class;
    }

    @Override
    public Set<String> targets() {
        return Set.of("Gateway", "ListenerSet", "HTTPRoute", "GRPCRoute");
    }

    @Override
    public boolean failsClosed() {
        return false;
    }

    // As written; the schema of the CRD has checked it in a cluster and in files.

    private record TracingSpec(
            @Nullable SamplingRateSpec samplingRate,
            @Nullable Boolean parentBasedSampling,
            @Nullable List<AttributeSpec> attributes) {}

    private record SamplingRateSpec(int numerator, @Nullable Integer denominator) {}

    private record AttributeSpec(
            String name, String type, @Nullable String headerName, @Nullable String literalValue) {}

    private record AccessLogSpec(
            @Nullable String when, @Nullable List<String> fields, @Nullable List<String> sinks) {}

    private record MetricsSpec(List<LabelSpec> extraLabels) {}

    private record LabelSpec(String name, String headerName, List<String> values) {}

    @Override
    public Result<PolicySection> decode(
            String section, Object written, PolicyReferences references) {
        try {
            return switch (section) {
                case "tracing" -> Result.of(tracing(SpecJson.read(written, TracingSpec.class)));
                case "accessLog" -> Result.of(logging(SpecJson.read(written, AccessLogSpec.class)));
                case "metrics" -> Result.of(labels(SpecJson.read(written, MetricsSpec.class)));
                default ->
                        Result.no("Invalid", section + ": a TelemetryPolicy has no such section");
            };
        } catch (IllegalArgumentException e) {
            return Result.no("Invalid", section + e.getMessage());
        }
    }

    private static Tracing tracing(TracingSpec written) {
        SamplingRateSpec rate =
                written.samplingRate() == null
                        ? new SamplingRateSpec(100, null)
                        : written.samplingRate();
        int denominator = rate.denominator() == null ? 100 : rate.denominator();
        if (rate.numerator() > denominator) {
            throw new IllegalArgumentException(
                    ".samplingRate.numerator: " + rate.numerator() + " is over " + denominator);
        }
        List<Attribute> attributes = new ArrayList<>();
        List<AttributeSpec> all = written.attributes() == null ? List.of() : written.attributes();
        for (int i = 0; i < all.size(); i++) {
            attributes.add(attribute(all.get(i), ".attributes[" + i + "]"));
        }
        return new Tracing(
                rate.numerator(),
                denominator,
                written.parentBasedSampling() == null || written.parentBasedSampling(),
                attributes);
    }

    private static Attribute attribute(AttributeSpec written, String field) {
        return switch (written.type()) {
            case "Header" ->
                    new Attribute.Header(
                            written.name(), open(written.headerName(), field + ".headerName"));
            case "Literal" ->
                    new Attribute.Literal(
                            written.name(), given(written.literalValue(), field + ".literalValue"));
            default ->
                    throw new IllegalArgumentException(
                            field + ".type: \"" + written.type() + "\" is not Header or Literal");
        };
    }

    private static String given(@Nullable String value, String field) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }

    /// The name of a field that holds no secret.
    private static String open(@Nullable String header, String field) {
        String name = given(header, field).toLowerCase(Locale.ROOT);
        if (SECRET.contains(name)) {
            throw new IllegalArgumentException(field + ": \"" + name + "\" holds secrets");
        }
        return name;
    }

    private static Logging logging(AccessLogSpec written) {
        if (written.when() != null) {
            try {
                var _ = CelExpression.afterwards(written.when());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(".when: " + e.getMessage(), e);
            }
        }
        List<String> names = written.fields();
        return new Logging(
                written.when(),
                names == null ? null : names.stream().map(TelemetryKind::field).toList(),
                sinks(written.sinks()));
    }

    private static Set<AccessSink> sinks(@Nullable List<String> names) {
        Set<AccessSink> sinks = EnumSet.noneOf(AccessSink.class);
        for (String name : names == null ? List.of(AccessSink.STDOUT.label()) : names) {
            sinks.add(sink(name));
        }
        if (sinks.isEmpty()) {
            throw new IllegalArgumentException(".sinks: at least one must be named");
        }
        return sinks;
    }

    private static AccessSink sink(String name) {
        for (AccessSink sink : AccessSink.values()) {
            if (sink.label().equals(name)) {
                return sink;
            }
        }
        throw new IllegalArgumentException(".sinks: \"" + name + "\" is not Stdout or OTLP");
    }

    private static AccessField field(String name) {
        for (AccessField field : AccessField.values()) {
            if (field.label().equals(name.replace('-', '_'))) {
                return field;
            }
        }
        throw new IllegalArgumentException(
                ".fields: \""
                        + name
                        + "\" is none of "
                        + Arrays.stream(AccessField.values())
                                .map(AccessField::label)
                                .collect(Collectors.joining(", ")));
    }

    private static Labels labels(MetricsSpec written) {
        List<Labels.Label> labels = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < written.extraLabels().size(); i++) {
            LabelSpec label = written.extraLabels().get(i);
            String field = ".extraLabels[" + i + "]";
            if (!names.add(label.name())) {
                throw new IllegalArgumentException(
                        field + ".name: \"" + label.name() + "\" is there twice");
            }
            labels.add(
                    new Labels.Label(
                            label.name(),
                            open(label.headerName(), field + ".headerName"),
                            label.values()));
        }
        return new Labels(labels);
    }
}
