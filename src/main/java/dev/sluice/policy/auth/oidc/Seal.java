package dev.sluice.policy.auth.oidc;

import dev.sluice.digest.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Encrypts what clients keep for us (AES-256 in GCM, NIST SP 800-38D), so that they can neither
/// read nor change it, nor present it where it does not belong: each seal is bound to a purpose.
///
/// A random nonce of 96 bits is good for 2^32 seals of a key; keys are expected to be rotated
/// before.
final class Seal {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    /// Bytes that a seal may hold, inflated: more than cookies can carry.
    static final int MOST = 64 * 1024;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<SecretKeySpec> keys;

    /// @param keys secrets; the first encrypts, all decrypt
    Seal(List<String> keys) {
        this.keys = keys.stream().map(Seal::key).toList();
    }

    private static SecretKeySpec key(String secret) {
        // Secrets are random, so one hash makes a key of them.
        return new SecretKeySpec(Sha256.of("sluice seal\n" + secret), "AES");
    }

    /// @param purpose has to be the same to open it
    /// @return characters of base64url
    String close(String text, String purpose) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), nonce, purpose);
            byte[] sealed = cipher.doFinal(deflated(text.getBytes(StandardCharsets.UTF_8)));
            byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE, sealed.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @return null when it is not one of ours, or was sealed for another purpose
    @Nullable String open(String sealed, String purpose) {
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException _) {
            return null;
        }
        if (all.length <= NONCE + TAG_BITS / 8) {
            return null;
        }
        byte[] nonce = Arrays.copyOf(all, NONCE);
        for (SecretKeySpec key : keys) {
            try {
                Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, purpose);
                byte[] opened = cipher.doFinal(all, NONCE, all.length - NONCE);
                return new String(inflated(opened), StandardCharsets.UTF_8);
            } catch (GeneralSecurityException | DataFormatException _) {
                // sealed by another key, or by nobody
            }
        }
        return null;
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String purpose)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] deflated(byte[] bytes) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
            byte[] part = new byte[4096];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        }
    }

    private static byte[] inflated(byte[] bytes) throws DataFormatException {
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(bytes);
            byte[] out = new byte[MOST];
            int size = inflater.inflate(out);
            if (!inflater.finished()) {
                throw new DataFormatException("too large");
            }
            return Arrays.copyOf(out, size);
        }
    }
}
