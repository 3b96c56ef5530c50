package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.observe.AccessField;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Requests as log records of OpenTelemetry.
class AccessRecordsTest {

    private static final SpanContext SPAN =
            SpanContext.create(
                    "4bf92f3577b34da6a3ce929d0e0e4736",
                    "00f067aa0ba902b7",
                    TraceFlags.getSampled(),
                    TraceState.getDefault());

    private static AccessEntry entry(
            @Nullable SpanContext span, @Nullable List<AccessField> fields) {
        return new AccessEntry(
                1_767_323_045_678L,
                1_500_000,
                "9.9.9.9",
                "GET",
                "https",
                "shop.example",
                "/a b",
                "HTTP/2",
                503,
                0,
                42,
                null,
                null,
                1,
                "no connection to the backend",
                null,
                null,
                null,
                span,
                fields);
    }

    private static LogRecordData record(List<AccessField> usual, AccessEntry entry) {
        List<LogRecordData> records = new ArrayList<>();
        try (SdkLoggerProvider provider =
                SdkLoggerProvider.builder()
                        .addLogRecordProcessor((_, record) -> records.add(record.toLogRecordData()))
                        .build()) {
            new AccessRecords(provider.get("test"), usual).add(entry);
        }
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    @Test
    void record_hasTheFieldsOfThePolicy_andTheSpan() {
        List<AccessField> fields =
                List.of(
                        AccessField.TIME,
                        AccessField.METHOD,
                        AccessField.TARGET,
                        AccessField.STATUS,
                        AccessField.DURATION,
                        AccessField.RULE);
        LogRecordData record = record(List.of(AccessField.CLIENT), entry(SPAN, fields));
        assertThat(record.getTimestampEpochNanos())
                .isEqualTo(TimeUnit.MILLISECONDS.toNanos(1_767_323_045_678L));
        assertThat(record.getAttributes().asMap())
                .containsOnly(
                        Map.entry(AttributeKey.stringKey("method"), "GET"),
                        Map.entry(AttributeKey.stringKey("target"), "/a b"),
                        Map.entry(AttributeKey.longKey("status"), 503L),
                        Map.entry(AttributeKey.doubleKey("duration"), 1.5));
        Value<?> body = record.getBodyValue();
        assertThat(body == null ? "" : body.asString())
                .endsWith("GET \"/a b\" 503 1.500 -")
                .doesNotContain("9.9.9.9");
        assertThat(record.getSpanContext()).isEqualTo(SPAN);
    }

    @Test
    void record_hasTheFieldsOfTheSettings_whereThePolicyNamesNone() {
        LogRecordData record = record(List.of(AccessField.CLIENT), entry(null, null));
        assertThat(record.getAttributes().asMap())
                .containsOnly(Map.entry(AttributeKey.stringKey("client"), "9.9.9.9"));
        assertThat(record.getSpanContext().isValid()).isFalse();
    }
}
