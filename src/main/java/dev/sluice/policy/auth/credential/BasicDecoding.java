package dev.sluice.policy.auth.credential;

import dev.sluice.finding.FindingCode;
import dev.sluice.policy.SpecReader;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Decodes section `basic`: lines of htpasswd.
public final class BasicDecoding {

    private BasicDecoding() {}

    record BasicSectionSpec(
            ObjectKeyRef usersSecretRef,
            @Nullable String userHeader,
            @Nullable Boolean forward,
            @Nullable Boolean optional) {}

    public static Basic read(SpecReader in) {
        BasicSectionSpec basicSectionSpec = in.read(BasicSectionSpec.class);
        SpecReader ref = in.at("usersSecretRef");
        String lines = basicSectionSpec.usersSecretRef().inSecret(ref, ".htpasswd");
        return new Basic(
                users(lines, ref),
                in.at("userHeader").headerNameIfThere(basicSectionSpec.userHeader()),
                !Boolean.FALSE.equals(basicSectionSpec.forward()),
                Boolean.TRUE.equals(basicSectionSpec.optional()));
    }

    private static Map<String, String> users(String lines, SpecReader in) {
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
                throw in.error(
                        FindingCode.UNSUPPORTED_HASH,
                        ("line %d is not a name and a hash of bcrypt (cost 16 at most), {SHA}"
                                        + " or {SSHA}")
                                .formatted(number));
            }
            users.put(line.substring(0, colon), hash);
        }
        return users;
    }
}
