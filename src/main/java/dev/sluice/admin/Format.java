package dev.sluice.admin;

import org.springframework.boot.actuate.endpoint.Producible;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// In which form an endpoint answers, by the request's `Accept`.
public enum Format implements Producible<Format> {
    /// Unless another is asked for.
    JSON("application/json"),
    /// `Accept: application/yaml`.
    YAML("application/yaml");

    private static final YAMLMapper MAPPER =
            YAMLMapper.builder()
                    .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                    .disable(YAMLWriteFeature.SPLIT_LINES)
                    .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                    .build();

    private final String type;

    Format(String type) {
        this.type = type;
    }

    @Override
    public boolean isDefault() {
        return this == JSON;
    }

    @Override
    public MimeType getProducedMimeType() {
        return MimeType.valueOf(type);
    }

    WebEndpointResponse<Object> response(JsonNode value) {
        Object body =
                switch (this) {
                    case JSON -> value;
                    case YAML -> yaml(value);
                };
        return new WebEndpointResponse<>(
                body, WebEndpointResponse.STATUS_OK, getProducedMimeType());
    }

    static String yaml(JsonNode value) {
        return MAPPER.writeValueAsString(value);
    }
}
