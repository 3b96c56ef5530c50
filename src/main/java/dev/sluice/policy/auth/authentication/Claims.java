package dev.sluice.policy.auth.authentication;

import dev.sluice.engine.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Claims as identities have them, and as backends receive them.
public final class Claims {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Claims() {}

    /// @param claims of a token, with Spring's types
    public static Identity identity(String method, Map<String, Object> claims) {
        Map<String, Object> plain = new HashMap<>();
        claims.forEach((name, value) -> {
            if (value != null) {
                plain.put(name, plain(value));
            }
        });
        return new Identity(name(plain), method, plain, scopes(plain));
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Instant time -> time.getEpochSecond();
            case String _, Number _, Boolean _, Map<?, ?> _ -> value;
            case Collection<?> all -> List.copyOf(all.stream().filter(Objects::nonNull).toList());
            default -> value.toString();
        };
    }

    /// The subject; a client's own token may have none (RFC 7662 2.2).
    private static String name(Map<String, Object> claims) {
        for (String claim : List.of("sub", "client_id", "azp")) {
            if (claims.get(claim) instanceof String name && !name.isEmpty()) {
                return name;
            }
        }
        return "unnamed";
    }

    /// RFC 8693 4.2, and what some providers make of it.
    private static Set<String> scopes(Map<String, Object> claims) {
        Set<String> scopes = new LinkedHashSet<>();
        for (String claim : List.of("scope", "scp")) {
            switch (claims.get(claim)) {
                case String text ->
                        Arrays.stream(text.split(" ", -1))
                                .filter(scope -> !scope.isEmpty())
                                .forEach(scopes::add);
                case Collection<?> all -> all.forEach(scope -> scopes.add(scope.toString()));
                case null, default -> {}
            }
        }
        return scopes;
    }

    /// The header fields by which a backend receives claims.
    public static Set<String> headers(List<ClaimHeader> told) {
        return told.stream().map(ClaimHeader::header).collect(Collectors.toUnmodifiableSet());
    }

    /// The claims that a backend receives.
    public static List<AuthenticationResult.HeaderField> fields(
            Identity identity, List<ClaimHeader> told) {
        List<AuthenticationResult.HeaderField> fields = new ArrayList<>();
        for (ClaimHeader each : told) {
            String value = field(identity.claim(each.claim()));
            if (value != null) {
                fields.add(new AuthenticationResult.HeaderField(each.header(), value));
            }
        }
        return fields;
    }

    /// The field by which a backend receives a client's name, null without a header for it.
    public static AuthenticationResult.@Nullable HeaderField nameField(
            @Nullable String header, String name) {
        return header == null
                ? null
                : new AuthenticationResult.HeaderField(header, String.valueOf(field(name)));
    }

    /// A claim in a header field: lists with commas between, objects as JSON; null for no claim.
    /// What may not stand in a field is percent-encoded.
    public static @Nullable String field(@Nullable Object claim) {
        return switch (claim) {
            case null -> null;
            case String text -> encoded(text);
            case Map<?, ?> object -> encoded(JSON.writeValueAsString(object));
            case Collection<?> all ->
                    all.stream()
                            .map(each -> String.valueOf(field(each)))
                            .collect(Collectors.joining(","));
            default -> encoded(claim.toString());
        };
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                out.append((char) b);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
            }
        }
        return out.toString().trim();
    }
}
