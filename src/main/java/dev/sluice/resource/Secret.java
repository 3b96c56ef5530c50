package dev.sluice.resource;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `v1` Secret.
///
/// @param data base64
/// @param stringData plain text, which wins
public record Secret(
        Metadata metadata,
        @Nullable String type,
        Map<String, String> data,
        Map<String, String> stringData)
        implements Resource {

    public Secret {
        data = Defaults.map(data);
        stringData = Defaults.map(stringData);
    }

    /// Without the values.
    @Override
    public String toString() {
        return "Secret[" + metadata.namespace() + "/" + metadata.name() + "]";
    }
}
