package dev.sluice.translate.policy;

import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Policy;
import dev.sluice.translate.status.ObjectBarrier;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The sections of a policy. They depend on the policy, and on what it refers to.
///
/// @param rejections what is wrong with each section that cannot be used
public record DecodedPolicy(
        Map<String, PolicySection> defaults,
        Map<String, PolicySection> overrides,
        List<Rejection> rejections) {

    public DecodedPolicy {
        rejections = List.copyOf(rejections);
    }

    /// The first one, null when all sections can be used.
    public @Nullable Rejection rejection() {
        return rejections.isEmpty() ? null : rejections.getFirst();
    }

    public static DecodedPolicy of(
            PolicyKind kind, Policy policy, PolicyReferences references, ObjectBarrier barrier) {
        Decoding decoding = new Decoding(kind, policy, references, barrier);
        Map<String, PolicySection> defaults = decoding.sections(policy.spec().replaceable());
        Map<String, PolicySection> overrides = decoding.sections(policy.spec().overrides());
        return new DecodedPolicy(defaults, overrides, decoding.rejections);
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
        private final List<Rejection> rejections = new ArrayList<>();

        Decoding(
                PolicyKind kind,
                Policy policy,
                PolicyReferences references,
                ObjectBarrier barrier) {
            this.kind = kind;
            this.policy = policy;
            this.references = references;
            this.barrier = barrier;
            Rejection excess = Rejection.excess(policy.metadata());
            if (excess != null) {
                rejections.add(excess);
            }
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
                            rejections.add(wrong);
                            if (kind.failsClosed()) {
                                decoded.put(name, new PolicySection.Unusable(wrong.message()));
                            }
                        }
                    });
            return Collections.unmodifiableMap(decoded);
        }
    }
}
