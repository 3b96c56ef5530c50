package dev.sluice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Metadata;
import dev.sluice.resource.PolicySpec;
import dev.sluice.resource.RateLimitPolicy;
import dev.sluice.resource.ReferenceGrants;
import dev.sluice.resource.Resources;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What users read of a section that cannot be used.
class SpecReaderTest {

    private static final PolicyReferences REFERENCES =
            new PolicyReferences(
                    new RateLimitPolicy(
                            new Metadata(
                                    "shop",
                                    "limits",
                                    1,
                                    Instant.EPOCH,
                                    null,
                                    "",
                                    Map.of(),
                                    Map.of()),
                            new PolicySpec(List.of(), "Enforce", Map.of(), Map.of(), Map.of())),
                    Resources.EMPTY,
                    new ReferenceGrants(Resources.EMPTY));

    private record Form(List<String> times) {}

    private record Section() implements PolicySection {}

    private static @Nullable Rejection rejection(Function<SpecReader, PolicySection> read) {
        Result<PolicySection> result =
                SpecReader.decode("limits", Map.of("times", "1s"), REFERENCES, read);
        return result.rejection();
    }

    private static void rejects(String message, Function<SpecReader, PolicySection> read) {
        assertThat(rejection(read)).isEqualTo(new Rejection("Invalid", message));
    }

    @Test
    void sectionThatCanBeUsed_isRead() {
        assertThat(SpecReader.decode("limits", Map.of(), REFERENCES, _ -> new Section()).value())
                .isEqualTo(new Section());
    }

    @Test
    void error_namesTheField() {
        rejects(
                "limits[2].rate.per: \"0s\" is not a positive duration",
                in -> {
                    in.at(2).at("rate").at("per").positive("0s");
                    return new Section();
                });
        rejects(
                "limits.a: \"2h\" is over 1h",
                in -> {
                    in.at("a").atMostAnHour("2h", Duration.ZERO);
                    return new Section();
                });
        rejects(
                "limits.uri: \"ftp://a\" is not an http or https URI",
                in -> {
                    in.at("uri").uri("ftp://a");
                    return new Section();
                });
        rejects(
                "limits.name is missing",
                in -> {
                    throw in.at("name").missing();
                });
    }

    @Test
    void wrongForm_isReportedByItsField() {
        rejects(
                "limits.times: must be a list, is a string",
                in -> {
                    in.read(Form.class);
                    return new Section();
                });
    }

    /// A check of something else of ours, and a record that refuses its components.
    @Test
    void valueThatOthersRefuse_isReported() {
        rejects(
                "limits.cel: no expression",
                in -> {
                    in.at("cel")
                            .check(() -> {
                                throw new IllegalArgumentException("no expression");
                            });
                    return new Section();
                });
        rejects(
                "limits: refused",
                _ -> {
                    throw new IllegalArgumentException("refused");
                });
    }
}
