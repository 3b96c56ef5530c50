package dev.sluice.net;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values by patterns of server names, of which the most specific one counts: the name itself, else
/// the longest wildcard (`*.example.com`), else the empty pattern, which takes every name.
public final class ServerNameMap<T> {

    /// Characters of a host name (RFC 1035 2.3.4).
    private static final int LONGEST_NAME = 253;

    private final Map<String, T> byPattern;

    /// @param byPattern in lower case
    public ServerNameMap(Map<String, ? extends T> byPattern) {
        this.byPattern = new HashMap<>(byPattern);
    }

    public boolean isEmpty() {
        return byPattern.isEmpty();
    }

    /// @param name in lower case, empty when the client sent none
    /// @return null when no pattern takes it
    public @Nullable T find(String name) {
        T exact = byPattern.get(name);
        if (exact != null || name.length() > LONGEST_NAME) {
            return exact;
        }
        for (int dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
            T wildcard = byPattern.get("*" + name.substring(dot));
            if (wildcard != null) {
                return wildcard;
            }
        }
        return byPattern.get("");
    }
}
