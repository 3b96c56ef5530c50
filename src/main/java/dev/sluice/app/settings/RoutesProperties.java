package dev.sluice.app.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Routes that are made at run time by `/actuator/routes`.
///
/// @param writes whether they can be made, replaced and deleted
/// @param path folder that keeps them; watched beside the source's
/// @param username who may write
/// @param password required where writes are on
public record RoutesProperties(
        @DefaultValue("false") boolean writes,
        @DefaultValue("routes") Path path,
        @DefaultValue("admin") String username,
        @Nullable String password) {

    /// Without the password.
    @Override
    public String toString() {
        return "Routes[writes=" + writes + ", path=" + path + ", username=" + username + "]";
    }
}
