package dev.sluice.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// SHA-256 (FIPS 180-4) of texts in UTF-8, or of bytes.
public final class Sha256 {

    /// Bytes of a hash.
    public static final int BYTES = 32;

    private Sha256() {}

    /// A digest for those that keep one for each thread.
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each JDK has it
        }
    }

    public static byte[] of(byte[] bytes) {
        return digest().digest(bytes);
    }

    public static byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// In hexadecimal of lower case.
    ///
    /// @param bytes how many of the first bytes, 1 to [#BYTES]
    public static String hex(byte[] hashed, int bytes) {
        return HexFormat.of().formatHex(of(hashed), 0, bytes);
    }

    /// In hexadecimal of lower case.
    ///
    /// @param bytes how many of the first bytes, 1 to [#BYTES]
    public static String hex(String text, int bytes) {
        return HexFormat.of().formatHex(of(text), 0, bytes);
    }

    /// In base64url without padding (RFC 4648 5).
    ///
    /// @param bytes how many of the first bytes, 1 to [#BYTES]
    public static String base64Url(String text, int bytes) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(of(text), bytes));
    }
}
