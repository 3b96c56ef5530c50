package dev.sluice.digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Against the values of others: FIPS 180-4 and RFC 7636.
class Sha256Test {

    private static final String ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void hex_isThatOfTheStandard() {
        assertThat(Sha256.hex("abc", Sha256.BYTES)).isEqualTo(ABC);
        assertThat(Sha256.hex("abc".getBytes(UTF_8), Sha256.BYTES)).isEqualTo(ABC);
        assertThat(Sha256.hex("abc", 4)).isEqualTo("ba7816bf");
    }

    /// RFC 7636, appendix B.
    @Test
    void base64Url_isThatOfTheStandard() {
        assertThat(Sha256.base64Url("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Sha256.BYTES))
                .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assertThat(Sha256.base64Url("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", 3))
                .isEqualTo("E9Me");
    }

    /// Texts are UTF-8.
    @Test
    void of_isOfUtf8() {
        assertThat(Sha256.of("\u00e9\ud83d\ude00"))
                .isEqualTo(Sha256.of("\u00e9\ud83d\ude00".getBytes(UTF_8)));
    }
}
