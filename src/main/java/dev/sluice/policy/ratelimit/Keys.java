package dev.sluice.policy.ratelimit;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import io.netty.util.NetUtil;
import java.util.List;

/// What requests are counted by.
final class Keys {

    /// Between the parts; no header field can hold it.
    private static final char SEPARATOR = '\0';

    /// Bytes of an IPv6 address.
    private static final int V6 = 16;

    private Keys() {}

    static String of(List<KeyPart> parts, Exchange exchange) {
        if (parts.isEmpty()) {
            return "";
        }
        if (parts.size() == 1) {
            return part(parts.get(0), exchange);
        }
        StringBuilder key = new StringBuilder();
        for (KeyPart part : parts) {
            key.append(part(part, exchange)).append(SEPARATOR);
        }
        return key.toString();
    }

    private static String part(KeyPart part, Exchange exchange) {
        return switch (part) {
            case KeyPart.Header(String name) -> {
                String value = exchange.header(name);
                yield value == null ? "" : value;
            }
            case KeyPart.Claim(String name) -> {
                Identity identity = exchange.identity();
                Object value = identity == null ? null : identity.claim(name);
                yield value == null ? "" : value.toString();
            }
            case KeyPart.ClientIp(int prefix) -> network(exchange.clientHost(), prefix);
        };
    }

    /// The address, or the first bits of it where it is an IPv6 one.
    static String network(String address, int prefix) {
        byte[] bytes =
                address.indexOf(':') < 0
                        ? null
                        : NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || bytes.length != V6) {
            return address;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i * 8 < prefix; i++) {
            int bits = Math.min(8, prefix - i * 8);
            text.append((char) (bytes[i] & 0xff & (0xff << (8 - bits))));
        }
        return text.toString();
    }
}
