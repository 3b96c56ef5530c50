package dev.sluice.resource;

import org.jspecify.annotations.Nullable;

/// `apiextensions.k8s.io/v1` CustomResourceDefinition: which kinds are installed, and in which
/// version. Its schema is not read.
public record CustomResourceDefinition(Metadata metadata) implements Resource {

    /// The release of Gateway API that a kind was installed from.
    public static final String BUNDLE_VERSION = "gateway.networking.k8s.io/bundle-version";

    /// Whether it is one of Gateway API's.
    public boolean isGatewayApi() {
        return name().endsWith("." + Gateway.GROUP);
    }

    /// The release, null when nobody says.
    public @Nullable String bundleVersion() {
        return metadata.annotations().get(BUNDLE_VERSION);
    }
}
