package dev.sluice.policy.auth.authentication;

import dev.sluice.policy.SpecError;
import dev.sluice.policy.SpecReader;
import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.Secret;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A key of a Secret or a ConfigMap, as policies name it.
///
/// @param namespace null for the policy's own
/// @param key null for the usual one
public record ObjectKeyRef(@Nullable String namespace, String name, @Nullable String key) {

    /// Another key of the same object.
    public ObjectKeyRef with(String other) {
        return new ObjectKeyRef(namespace, name, other);
    }

    /// The text in a Secret.
    ///
    /// @param usual the key where none is named
    public String inSecret(SpecReader in, String usual) {
        Secret secret = SpecError.orThrow(in.references().secret(namespace, name, in.field()));
        String at = key == null ? usual : key;
        String text = text(secret, at, in);
        if (text == null) {
            throw missing(secret, at, in);
        }
        return text;
    }

    /// The text in a Secret, null where the Secret has no such key.
    public @Nullable String inSecretIfThere(SpecReader in, String usual) {
        Secret secret = SpecError.orThrow(in.references().secret(namespace, name, in.field()));
        return text(secret, key == null ? usual : key, in);
    }

    /// The text in a ConfigMap.
    public String inConfigMap(SpecReader in, String usual) {
        ConfigMap map = SpecError.orThrow(in.references().configMap(namespace, name, in.field()));
        String at = key == null ? usual : key;
        String text = map.data().get(at);
        if (text == null) {
            throw in.error(
                    "ConfigMap %s/%s has no key \"%s\"; it has %s"
                            .formatted(map.namespace(), map.name(), at, names(map.data())));
        }
        return text;
    }

    private static SpecError missing(Secret secret, String key, SpecReader in) {
        Map<String, String> all =
                secret.stringData().isEmpty() ? secret.data() : secret.stringData();
        return in.error(
                "Secret %s/%s has no key \"%s\"; it has %s"
                        .formatted(secret.namespace(), secret.name(), key, names(all)));
    }

    private static String names(Map<String, String> data) {
        return data.isEmpty() ? "none" : String.join(", ", new TreeSet<>(data.keySet()));
    }

    /// @return null when there is no such key
    public static @Nullable String text(Secret secret, String key, SpecReader in) {
        try {
            return secret.text(key);
        } catch (IllegalArgumentException e) {
            throw in.error(
                    "key \"%s\" of Secret %s/%s is not base64"
                            .formatted(key, secret.namespace(), secret.name()));
        }
    }
}
