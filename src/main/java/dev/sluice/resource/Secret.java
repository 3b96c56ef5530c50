package dev.sluice.resource;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
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

    /// The text of a key, null when there is none.
    ///
    /// @throws IllegalArgumentException when the value is not base64
    public @Nullable String text(String key) {
        String plain = stringData.get(key);
        String encoded = data.get(key);
        return plain != null || encoded == null
                ? plain
                : new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    /// Without the values.
    @Override
    public String toString() {
        return "Secret[" + metadata.namespace() + "/" + metadata.name() + "]";
    }
}
