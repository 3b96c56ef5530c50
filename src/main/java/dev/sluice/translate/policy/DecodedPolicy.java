package dev.sluice.translate.policy;

import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Policy;
import dev.sluice.translate.status.ObjectBarrier;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The sections of a policy. They depend on the policy, and on what it refers to.
///
/// @param rejection what is wrong with the first section that cannot be used
public record DecodedPolicy(
        Map<String, PolicySection> defaults,
        Map<String, PolicySection> overrides,
        @Nullable Rejection rejection) {

    public static DecodedPolicy of(
            PolicyKind kind, Policy policy, PolicyReferences references, ObjectBarrier barrier) {
        Decoding decoding = new Decoding(kind, policy, references, barrier);
        Map<String, PolicySection> defaults = decoding.sections(policy.spec().replaceable());
        Map<String, PolicySection> overrides = decoding.sections(policy.spec().overrides());
        return new DecodedPolicy(defaults, overrides, decoding.rejection);
    }

    /// The names of its sections.
    public Stream<String> names() {
        return Stream.concat(defaults.keySet().stream(), overrides.keySet().stream());
    }

    private static final class Decoding {
        private final PolicyKind kind;
        private final Policy policy;
        private final PolicyReferences references;
        private final ObjectBarrier barrier;
        private @Nullable Rejection rejection;

        Decoding(
                PolicyKind kind,
                Policy policy,
                PolicyReferences references,
                ObjectBarrier barrier) {
            this.kind = kind;
            this.policy = policy;
            this.references = references;
            this.barrier = barrier;
            this.rejection = Rejection.excess(policy.metadata());
        }

        private Map<String, PolicySection> sections(Map<String, Object> written) {
            Map<String, PolicySection> decoded = new TreeMap<>();
            new TreeMap<>(written)
                    .forEach((name, value) -> {
                        Result<PolicySection> result =
                                barrier.get(
                                        policy,
                                        () -> kind.decode(name, value, references),
                                        () -> new Result<>(null, ObjectBarrier.REJECTION));
                        Rejection wrong = result.rejection();
                        PolicySection section = result.value();
                        if (section != null) {
                            decoded.put(name, section);
                        } else if (wrong != null) {
                            rejection = rejection == null ? wrong : rejection;
                            if (kind.failsClosed()) {
                                decoded.put(name, new PolicySection.Unusable(wrong.message()));
                            }
                        }
                    });
            return Collections.unmodifiableMap(decoded);
        }
    }
}
