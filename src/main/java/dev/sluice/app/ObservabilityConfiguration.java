package dev.sluice.app;

import dev.sluice.app.settings.AccessLogProperties;
import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.barrier.Barrier;
import dev.sluice.engine.Observer;
import dev.sluice.http.DroppedFields;
import dev.sluice.observe.AccessSink;
import dev.sluice.observe.MeterTags.FieldKeys;
import dev.sluice.observe.SluiceMeters;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.telemetry.AccessLog;
import dev.sluice.telemetry.AccessLogObserver;
import dev.sluice.telemetry.AccessRecords;
import dev.sluice.telemetry.RequestSpans;
import dev.sluice.telemetry.RuleSampler;
import dev.sluice.telemetry.TracingObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/// Unexpected errors, the access log, and spans where an exporter of spans is configured.
@Configuration(proxyBeanMethods = false)
class ObservabilityConfiguration {

    @Bean
    UnexpectedErrors unexpectedErrors(MeterRegistry registry) {
        UnexpectedErrors errors = new UnexpectedErrors(registry);
        Barrier.reportTo(errors::report);
        for (DroppedFields source : DroppedFields.values()) {
            SluiceMeters.FRAMING_FIELDS_DROPPED.count(
                    registry,
                    source,
                    DroppedFields::count,
                    FieldKeys.SOURCE.asString(),
                    source.name());
        }
        return errors;
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnProperty("sluice.access-log.enabled")
    AccessLog accessLog(SluiceProperties properties, MeterRegistry registry) throws IOException {
        AccessLogProperties settings = properties.accessLog();
        Path file = settings.file();
        OutputStream out =
                file == null
                        ? new FileOutputStream(FileDescriptor.out)
                        : Files.newOutputStream(
                                file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        AccessLog log = new AccessLog(settings.settings(), out);
        SluiceMeters.ACCESS_LOG_DROPPED.count(registry, log, AccessLog::dropped);
        return log;
    }

    @Bean
    @Order(2)
    @ConditionalOnProperty("sluice.access-log.enabled")
    Observer accessLogging(AccessLog log) {
        return new AccessLogObserver(AccessSink.STDOUT, log::add);
    }

    /// For policies that send the access log by OTLP.
    @Bean
    @ConditionalOnProperty("management.opentelemetry.logging.export.otlp.endpoint")
    AccessRecords accessRecords(OpenTelemetry telemetry, SluiceProperties properties) {
        return new AccessRecords(
                telemetry.getLogsBridge().get("dev.sluice"), properties.accessLog().fields());
    }

    @Bean
    @Order(2)
    @ConditionalOnProperty("management.opentelemetry.logging.export.otlp.endpoint")
    Observer accessExport(AccessRecords records) {
        return new AccessLogObserver(AccessSink.OTLP, records::add);
    }

    /// Boot's own, unless the rule of a request says another one.
    @Bean
    @ConditionalOnProperty("management.opentelemetry.tracing.export.otlp.endpoint")
    Sampler otelSampler(TracingProperties properties) {
        return new RuleSampler(
                Sampler.parentBased(
                        Sampler.traceIdRatioBased(properties.getSampling().getProbability())));
    }

    @Bean
    @Order(1)
    @ConditionalOnProperty("management.opentelemetry.tracing.export.otlp.endpoint")
    Observer tracing(OpenTelemetry telemetry) {
        return new TracingObserver(new RequestSpans(telemetry.getTracer("dev.sluice")));
    }
}
