package dev.sluice.translate.gateway;

import dev.sluice.resource.Gateway;
import dev.sluice.resource.NamespacedName;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// Names of objects that are made for others, and of ports.
final class Names {

    /// RFC 1123 label: names of Services, values of labels.
    private static final int MAX = 63;

    private Names() {}

    /// A label's value: the name, or where it is too long its beginning with a hash of the whole.
    static String label(String name) {
        return name.length() <= MAX ? name : hashed(name);
    }

    /// The name of a Service, which has no dots.
    static String service(String name) {
        return name.length() <= MAX && name.indexOf('.') < 0 ? name : hashed(name);
    }

    /// The id of a Gateway's port ([dev.sluice.ir.Port#id]).
    static String port(Gateway gateway, int port) {
        return NamespacedName.of(gateway) + ":" + port;
    }

    private static String hashed(String name) {
        CRC32 hash = new CRC32();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        String suffix = "-" + Long.toHexString(hash.getValue());
        String start = name.replace('.', '-');
        return start.substring(0, Math.min(start.length(), MAX - suffix.length())) + suffix;
    }
}
