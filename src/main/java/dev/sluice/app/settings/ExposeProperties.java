package dev.sluice.app.settings;

import dev.sluice.resource.Gateway;
import dev.sluice.resource.Route;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Routes of Services that ask for one by `sluice.dev/expose`.
///
/// @param gateway that they are attached to, as `namespace/name`; none are made without it
/// @param sectionName of its listener; all when it is not given
public record ExposeProperties(@Nullable String gateway, @Nullable String sectionName) {

    private static final Pattern NAME = Pattern.compile("[-a-z0-9]+/[-a-z0-9.]+");

    public ExposeProperties {
        gateway = gateway == null || gateway.isBlank() ? null : gateway;
        if (gateway != null && !NAME.matcher(gateway).matches()) {
            throw new IllegalArgumentException(
                    "sluice.expose.gateway must be namespace/name, was \"" + gateway + '"');
        }
    }

    /// As a route would refer to it; null when there is none.
    public Route.@Nullable ParentRef parent() {
        if (gateway == null) {
            return null;
        }
        String[] parts = gateway.split("/", -1);
        return new Route.ParentRef(Gateway.GROUP, "Gateway", parts[0], parts[1], sectionName, null);
    }
}
