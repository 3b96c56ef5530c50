package dev.sluice.engine;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who sent a request, as an authentication found it out.
///
/// @param name of the principal; never empty
/// @param method how it was found out, such as `jwt`
/// @param claims what is known of the principal: texts, numbers, booleans, lists and maps of these
/// @param scopes what the principal was granted, in the order of its provider: policies in CEL see
///   a list
public record Identity(String name, String method, Map<String, Object> claims, Set<String> scopes) {

    public Identity {
        claims = Map.copyOf(claims);
        scopes = Collections.unmodifiableSet(new LinkedHashSet<>(scopes));
    }

    /// A claim by its name, or by a path of names with dots between them, such as
    /// `realm_access.roles`. A claim whose own name has dots comes first.
    public @Nullable Object claim(String path) {
        Object whole = claims.get(path);
        if (whole != null || path.indexOf('.') < 0) {
            return whole;
        }
        Object at = claims;
        for (String name : path.split("\\.", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    /// Without claims: they are nobody's business in a log.
    @Override
    public String toString() {
        return method + " " + name;
    }
}
