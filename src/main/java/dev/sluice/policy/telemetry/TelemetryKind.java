package dev.sluice.policy.telemetry;

import dev.sluice.cel.CelExpression;
import dev.sluice.ir.PolicySection;
import dev.sluice.observe.AccessField;
import dev.sluice.observe.AccessSink;
import dev.sluice.policy.SpecReader;
import dev.sluice.policy.telemetry.Tracing.Attribute;
import dev.sluice.resource.Policy;
import dev.sluice.resource.TelemetryPolicy;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decodes TelemetryPolicies. A section that cannot be used has no effect: requests are reported as
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

    /// How each section is read.
    private static final Map<String, Function<SpecReader, PolicySection>> SECTIONS =
            Map.of(
                    "tracing", TelemetryKind::tracing,
                    "accessLog", TelemetryKind::logging,
                    "metrics", TelemetryKind::labels);

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
        Function<SpecReader, PolicySection> read = SECTIONS.get(section);
        return read == null
                ? Result.no("Invalid", section + ": a TelemetryPolicy has no such section")
                : SpecReader.decode(section, written, references, read);
    }

    private static Tracing tracing(SpecReader in) {
        TracingSpec written = in.read(TracingSpec.class);
        SamplingRateSpec rate =
                written.samplingRate() == null
                        ? new SamplingRateSpec(100, null)
                        : written.samplingRate();
        int denominator = rate.denominator() == null ? 100 : rate.denominator();
        if (rate.numerator() > denominator) {
            throw in.at("samplingRate")
                    .at("numerator")
                    .error(rate.numerator() + " is over " + denominator);
        }
        List<Attribute> attributes = new ArrayList<>();
        List<AttributeSpec> all = written.attributes() == null ? List.of() : written.attributes();
        for (int i = 0; i < all.size(); i++) {
            attributes.add(attribute(all.get(i), in.at("attributes").at(i)));
        }
        return new Tracing(
                rate.numerator(),
                denominator,
                written.parentBasedSampling() == null || written.parentBasedSampling(),
                attributes);
    }

    private static Attribute attribute(AttributeSpec written, SpecReader in) {
        return switch (written.type()) {
            case "Header" ->
                    new Attribute.Header(
                            written.name(), open(written.headerName(), in.at("headerName")));
            case "Literal" ->
                    new Attribute.Literal(
                            written.name(), given(written.literalValue(), in.at("literalValue")));
            default ->
                    throw in.at("type")
                            .error("\"" + written.type() + "\" is not Header or Literal");
        };
    }

    private static String given(@Nullable String value, SpecReader in) {
        if (value == null) {
            throw in.missing();
        }
        return value;
    }

    /// The name of a field that holds no secret.
    private static String open(@Nullable String header, SpecReader in) {
        String name = given(header, in).toLowerCase(Locale.ROOT);
        if (SECRET.contains(name)) {
            throw in.error("\"" + name + "\" holds secrets");
        }
        return name;
    }

    private static Logging logging(SpecReader in) {
        AccessLogSpec written = in.read(AccessLogSpec.class);
        String when = written.when();
        if (when != null) {
            in.at("when").check(() -> CelExpression.afterwards(when));
        }
        List<String> names = written.fields();
        SpecReader ofFields = in.at("fields");
        return new Logging(
                when,
                names == null ? null : names.stream().map(name -> field(ofFields, name)).toList(),
                sinks(in.at("sinks"), written.sinks()));
    }

    private static Set<AccessSink> sinks(SpecReader in, @Nullable List<String> names) {
        Set<AccessSink> sinks = EnumSet.noneOf(AccessSink.class);
        for (String name : names == null ? List.of(AccessSink.STDOUT.label()) : names) {
            sinks.add(sink(in, name));
        }
        if (sinks.isEmpty()) {
            throw in.error("at least one must be named");
        }
        return sinks;
    }

    private static AccessSink sink(SpecReader in, String name) {
        for (AccessSink sink : AccessSink.values()) {
            if (sink.label().equals(name)) {
                return sink;
            }
        }
        throw in.error("\"" + name + "\" is not Stdout or OTLP");
    }

    private static AccessField field(SpecReader in, String name) {
        for (AccessField field : AccessField.values()) {
            if (field.label().equals(name.replace('-', '_'))) {
                return field;
            }
        }
        throw in.error(
                "\""
                        + name
                        + "\" is none of "
                        + Arrays.stream(AccessField.values())
                                .map(AccessField::label)
                                .collect(Collectors.joining(", ")));
    }

    private static Labels labels(SpecReader in) {
        MetricsSpec written = in.read(MetricsSpec.class);
        List<Labels.Label> labels = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < written.extraLabels().size(); i++) {
            LabelSpec label = written.extraLabels().get(i);
            SpecReader of = in.at("extraLabels").at(i);
            if (!names.add(label.name())) {
                throw of.at("name").error("\"" + label.name() + "\" is there twice");
            }
            labels.add(
                    new Labels.Label(
                            label.name(),
                            open(label.headerName(), of.at("headerName")),
                            label.values()));
        }
        return new Labels(labels);
    }
}
