package dev.sluice.resource;

import java.util.Map;

/// `v1` ConfigMap.
public record ConfigMap(Metadata metadata, Map<String, String> data) implements Resource {

    public ConfigMap {
        data = Defaults.map(data);
    }
}
