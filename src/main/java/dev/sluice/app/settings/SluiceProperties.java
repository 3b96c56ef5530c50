package dev.sluice.app.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Settings of a Sluice instance.
///
/// @param source where resources come from
/// @param controllerName the GatewayClasses that are ours: their `spec.controllerName`
/// @param workers number of event loops, 0 for one per processor
/// @param server limits of client connections
/// @param upstream limits of connections to backends
/// @param routes routes that are made at run time
/// @param accessLog a line for each request
/// @param metrics bounds of what is measured
/// @param springFilters what GatewayFilters may use of the application
/// @param springStage whether all rules run through the Spring stage, for tests
/// @param expose routes of Services that ask for one
/// @param tenants bounds of what each namespace may have
/// @param demo the sample backends of the profile `demo`
/// @param reload how often the files that hold settings are looked at for changes; 0 for never
@ConfigurationProperties(prefix = "sluice", ignoreUnknownFields = false)
public record SluiceProperties(
        @DefaultValue SourceProperties source,
        @DefaultValue("sluice.dev/gateway-controller") String controllerName,
        @DefaultValue("0") int workers,
        @DefaultValue ServerProperties server,
        @DefaultValue UpstreamProperties upstream,
        @DefaultValue RoutesProperties routes,
        @DefaultValue AccessLogProperties accessLog,
        @DefaultValue MetricsProperties metrics,
        @DefaultValue SpringFilterProperties springFilters,
        @DefaultValue("when-needed") SpringStageMode springStage,
        @DefaultValue ExposeProperties expose,
        @DefaultValue Tenants tenants,
        @DefaultValue Demo demo,
        @DefaultValue("1s") Duration reload) {

    public SluiceProperties {
        if (!CONTROLLER_NAME.matcher(controllerName).matches()) {
            throw new IllegalArgumentException(
                    "sluice.controller-name must be a domain and a path such as"
                            + " example.com/gateway-controller, was \""
                            + controllerName
                            + '"');
        }
        Bounds.check("sluice.workers", workers, 0, 1024);
        Bounds.check("sluice.reload", reload, Duration.ZERO, Duration.ofHours(1));
    }

    private static final Pattern CONTROLLER_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9/._~%!$&'()*+,;=:-]+");

    /// When the Spring stage runs.
    public enum SpringStageMode {
        /// For rules that name a Spring filter.
        WHEN_NEEDED,
        /// For every rule.
        FORCED
    }

    /// Where resources come from.
    ///
    /// @param kind which of the two
    /// @param file YAML files
    public record SourceProperties(
            @DefaultValue("file") SourceKind kind, @DefaultValue File file) {}

    /// Where resources come from.
    public enum SourceKind {
        /// A folder of YAML files.
        FILE,
        /// The API server of the cluster that we run in, or of the kubeconfig.
        KUBERNETES
    }

    /// YAML files.
    ///
    /// @param path folder that is read and watched
    /// @param strict whether an object with a field that its kind does not have is refused, instead
    ///   of being served without the field
    /// @param startIncomplete whether the first configuration is served although a file or document
    ///   cannot be read
    public record File(
            @DefaultValue("config") Path path,
            @DefaultValue("true") boolean strict,
            @DefaultValue("false") boolean startIncomplete) {}

    /// Bounds of what each namespace may have, so that none takes what others need. Of what is
    /// beyond them the newest objects are not served, and their statuses say so.
    ///
    /// @param maxBytes that are kept of its objects
    /// @param maxPorts target ports of its Gateways
    public record Tenants(
            @DefaultValue("8MB") DataSize maxBytes, @DefaultValue("500") int maxPorts) {
        public Tenants {
            Bounds.check("sluice.tenants.max-bytes", maxBytes, "64KB", "16GB");
            Bounds.check("sluice.tenants.max-ports", maxPorts, 1, 10_000);
        }
    }

    /// Sample backends.
    ///
    /// @param firstPort the first of their three ports
    public record Demo(@DefaultValue("9101") int firstPort) {
        public Demo {
            Bounds.check("sluice.demo.first-port", firstPort, 1, 65_533);
        }
    }
}
