package dev.sluice.observe;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/// The meters of Sluice.
public enum SluiceMeters implements MeterDocumentation {
    /// Time from the head of a request to the last byte of its response.
    REQUESTS("sluice.requests", Meter.Type.TIMER) {
        @Override
        public KeyName[] getKeyNames() {
            return RequestKeys.values();
        }
    },
    /// Configurations published since the start.
    GENERATION("sluice.generation", Meter.Type.GAUGE),
    /// Translations that failed by a fault of ours; the last good configuration stays.
    TRANSLATION_FAILURES("sluice.translation.failures", Meter.Type.COUNTER);

    private final String name;
    private final Meter.Type type;

    SluiceMeters(String name, Meter.Type type) {
        this.name = name;
        this.type = type;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    /// Tags of [#REQUESTS].
    public enum RequestKeys implements KeyName {
        /// The rule's id, `none` where no rule took the request.
        RULE("rule"),
        /// The class of the status: `2xx`; `gone` when the client left before an answer.
        STATUS("status");

        private final String key;

        RequestKeys(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
