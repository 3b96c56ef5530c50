package dev.sluice.policy.auth.credential;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.auth.authentication.FieldNameCheck;
import dev.sluice.policy.auth.authentication.InvalidSection;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Decodes section `basic`: lines of htpasswd.
public final class BasicDecoding {

    private BasicDecoding() {}

    public record BasicSectionSpec(
            ObjectKeyRef usersSecretRef,
            @Nullable String userHeader,
            @Nullable Boolean forward,
            @Nullable Boolean optional) {}

    public static Result<PolicySection> decode(
            BasicSectionSpec basicSectionSpec, PolicyReferences references) {
        String field = "basic.usersSecretRef";
        return Result.of(
                new Basic(
                        users(
                                basicSectionSpec
                                        .usersSecretRef()
                                        .inSecret(references, ".htpasswd", field),
                                field),
                        FieldNameCheck.checkedIfThere(
                                basicSectionSpec.userHeader(), "basic.userHeader"),
                        !Boolean.FALSE.equals(basicSectionSpec.forward()),
                        Boolean.TRUE.equals(basicSectionSpec.optional())));
    }

    private static Map<String, String> users(String lines, String field) {
        Map<String, String> users = new TreeMap<>();
        int number = 0;
        for (String raw : lines.lines().toList()) {
            String line = raw.strip();
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            String hash = line.substring(colon + 1);
            if (colon <= 0 || !PasswordHashes.isKnown(hash)) {
                throw InvalidSection.field(
                        field,
                        "line %d is not a name and a hash of bcrypt, {SHA} or {SSHA}"
                                .formatted(number));
            }
            users.put(line.substring(0, colon), hash);
        }
        return users;
    }
}
