package dev.sluice.translate.policy;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Reads the sections of policies as they are written. Fields that are not known are left out: the
/// schema of the CRD has checked them in a cluster and in files.
public final class SpecJson {

    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private SpecJson() {}

    /// @param written maps, lists, strings, numbers, booleans
    /// @throws SpecFormException when it does not have that form
    public static <T> T read(Object written, Class<T> type) {
        try {
            return JSON.convertValue(written, type);
        } catch (JacksonException e) {
            throw new SpecFormException(e, written);
        }
    }
}
