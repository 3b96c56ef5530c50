package dev.sluice.translate.backend;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.ir.UpstreamTls.SubjectAltName;
import dev.sluice.resource.BackendTlsPolicy;
import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Service;
import dev.sluice.resource.Status;
import dev.sluice.translate.context.CertificateRefs;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.status.Conditions;
import dev.sluice.translate.status.ObjectBarrier;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// BackendTLSPolicies: which one decides about a Service's port, and what the status of each says.
///
/// A policy that names the port wins over one for the whole Service; of two alike the older one
/// wins, then the one whose name comes first.
public final class BackendTlsPolicies {

    /// A status may hold so many.
    private static final int MAX_ANCESTORS = 16;

    private final TranslationSettings translationSettings;
    private final CertificateRefs refs;
    private final ObjectBarrier barrier;
    private final Map<NamespacedName, List<BackendTlsPolicy>> byService = new HashMap<>();
    private final Map<BackendTlsPolicy, ValidatedPolicy> validations = new HashMap<>();
    private final Map<BackendTlsPolicy, Set<NamespacedName>> ancestors = new LinkedHashMap<>();
    private final Set<BackendTlsPolicy> winners = new LinkedHashSet<>();

    public BackendTlsPolicies(
            Resources resources,
            TranslationSettings translationSettings,
            CertificateRefs refs,
            ObjectBarrier barrier) {
        this.translationSettings = translationSettings;
        this.refs = refs;
        this.barrier = barrier;
        for (BackendTlsPolicy policy : resources.all(BackendTlsPolicy.class)) {
            barrier.run(policy, () -> place(policy));
        }
    }

    private void place(BackendTlsPolicy policy) {
        for (BackendTlsPolicy.TargetRef target : policy.spec().targetRefs()) {
            if (target.group().isEmpty() && target.kind().equals("Service")) {
                NamespacedName service = new NamespacedName(policy.namespace(), target.name());
                byService.computeIfAbsent(service, _ -> new ArrayList<>()).add(policy);
            }
        }
    }

    /// What a policy's validation comes to.
    private record ValidatedPolicy(
            List<String> authorities,
            @Nullable Rejection unaccepted,
            @Nullable Rejection unresolved) {}

    /// How a port is encrypted; null when no policy targets it.
    @Nullable Result<UpstreamTls> tls(Service service, Service.Port port, BackendUse use) {
        if (byService.isEmpty()) {
            return null;
        }
        List<BackendTlsPolicy> targeting =
                byService.getOrDefault(NamespacedName.of(service), List.of());
        BackendTlsPolicy ofPort =
                port.name() == null ? null : winner(targeting, service, port.name());
        BackendTlsPolicy ofService = winner(targeting, service, null);
        if (ofPort != null) {
            winners.add(ofPort);
        }
        if (ofService != null) {
            winners.add(ofService);
        }
        for (BackendTlsPolicy policy : targeting) {
            if (targets(policy, service, port.name()) || targets(policy, service, null)) {
                Set<NamespacedName> known =
                        ancestors.computeIfAbsent(policy, _ -> new LinkedHashSet<>());
                known.addAll(use.gateways());
            }
        }
        BackendTlsPolicy winner = ofPort != null ? ofPort : ofService;
        if (winner == null) {
            return null;
        }
        ValidatedPolicy validatedPolicy = validations.computeIfAbsent(winner, this::validate);
        if (validatedPolicy.unaccepted() != null) {
            return new Result<>(null, validatedPolicy.unaccepted());
        }
        BackendTlsPolicy.Validation spec = winner.spec().validation();
        List<SubjectAltName> names = new ArrayList<>();
        for (BackendTlsPolicy.SubjectAltName name : spec.subjectAltNames()) {
            if (name.hostname() != null) {
                names.add(new SubjectAltName.Dns(name.hostname()));
            } else if (name.uri() != null) {
                names.add(new SubjectAltName.Uri(name.uri()));
            }
        }
        return Result.of(
                new UpstreamTls(
                        spec.hostname(),
                        names,
                        validatedPolicy.authorities(),
                        use.clientCertificate()));
    }

    private static @Nullable BackendTlsPolicy winner(
            List<BackendTlsPolicy> oldestFirst, Service service, @Nullable String section) {
        return oldestFirst.stream()
                .filter(policy -> targets(policy, service, section))
                .findFirst()
                .orElse(null);
    }

    private static boolean targets(
            BackendTlsPolicy policy, Service service, @Nullable String section) {
        return policy.spec().targetRefs().stream()
                .anyMatch(target ->
                        target.name().equals(service.name())
                                && (section == null
                                        ? target.sectionName() == null
                                        : section.equals(target.sectionName())));
    }

    /// One that cannot be judged is not accepted: nothing is sent to its Service.
    private ValidatedPolicy validate(BackendTlsPolicy policy) {
        return barrier.get(
                policy,
                () -> validation(policy),
                () -> new ValidatedPolicy(List.of(), ObjectBarrier.REJECTION, null));
    }

    private ValidatedPolicy validation(BackendTlsPolicy policy) {
        Rejection excess = Rejection.excess(policy.metadata());
        if (excess != null) {
            return new ValidatedPolicy(List.of(), excess, null);
        }
        Rejection refused = Rejection.refused(policy.metadata());
        if (refused != null) {
            return new ValidatedPolicy(
                    List.of(), new Rejection("Invalid", refused.message(), refused.code()), null);
        }
        Rejection unsupported = Rejection.unsupported(policy.metadata(), "spec");
        if (unsupported != null) {
            return new ValidatedPolicy(
                    List.of(), new Rejection("Invalid", unsupported.message()), null);
        }
        BackendTlsPolicy.Validation spec = policy.spec().validation();
        if (spec.wellKnownCACertificates() != null && spec.caCertificateRefs().isEmpty()) {
            return spec.wellKnownCACertificates().equals("System")
                    ? new ValidatedPolicy(List.of(), null, null)
                    : new ValidatedPolicy(
                            List.of(),
                            new Rejection(
                                    "Invalid",
                                    "validation.wellKnownCACertificates: \""
                                            + spec.wellKnownCACertificates()
                                            + "\" is not System"),
                            null);
        }
        List<String> authorities = new ArrayList<>();
        Rejection unresolved = null;
        ObjectRef owner = Kinds.ref(policy);
        for (int i = 0; i < spec.caCertificateRefs().size(); i++) {
            BackendTlsPolicy.LocalRef ref = spec.caCertificateRefs().get(i);
            Result<String> result =
                    refs.authority(
                            owner,
                            new Gateway.SecretRef(ref.group(), ref.kind(), ref.name(), null),
                            "validation.caCertificateRefs[" + i + "]",
                            "InvalidCACertificateRef",
                            "InvalidKind");
            if (result.value() != null) {
                authorities.add(result.value());
            } else if (unresolved == null) {
                unresolved = result.rejection();
            }
        }
        Rejection unaccepted =
                authorities.isEmpty()
                        ? new Rejection(
                                "NoValidCACertificate",
                                "validation.caCertificateRefs: none is usable")
                        : null;
        return new ValidatedPolicy(authorities, unaccepted, unresolved);
    }

    /// The status of each policy that has an effect on traffic, or would have without another.
    public Map<ObjectRef, Status> statuses() {
        Map<ObjectRef, Status> statuses = new LinkedHashMap<>();
        ancestors.forEach((policy, gateways) ->
                barrier.run(
                        policy,
                        () -> {
                            List<Condition> conditions = conditions(policy);
                            List<Status.OfAncestor> answers =
                                    gateways.stream()
                                            .limit(MAX_ANCESTORS)
                                            .map(gateway -> ancestor(gateway, conditions))
                                            .toList();
                            statuses.put(Kinds.ref(policy), new Status.OfPolicy(answers));
                        }));
        return statuses;
    }

    /// What is wrong with those that have an effect, and those that name what is not there.
    public List<Finding> findings(Resources resources) {
        List<Finding> all = new ArrayList<>();
        for (BackendTlsPolicy policy : resources.all(BackendTlsPolicy.class)) {
            ObjectRef ref = Kinds.ref(policy);
            List<BackendTlsPolicy.TargetRef> targets = policy.spec().targetRefs();
            for (int i = 0; i < targets.size(); i++) {
                String name = targets.get(i).name();
                if (resources.find(Service.class, policy.namespace(), name) == null) {
                    all.add(
                            Finding.at(
                                    FindingCode.TARGET_NOT_FOUND,
                                    ref,
                                    "spec.targetRefs[" + i + "]",
                                    "Service \"%s/%s\" not found"
                                            .formatted(policy.namespace(), name)));
                }
            }
            if (ancestors.containsKey(policy)) {
                ValidatedPolicy validated = validations.computeIfAbsent(policy, this::validate);
                Stream.of(unaccepted(policy, validated), validated.unresolved())
                        .filter(Objects::nonNull)
                        .forEach(one -> all.add(one.finding(ref, "spec.")));
            }
        }
        return all;
    }

    private @Nullable Rejection unaccepted(BackendTlsPolicy policy, ValidatedPolicy validated) {
        return winners.contains(policy)
                ? validated.unaccepted()
                : new Rejection("Conflicted", "targetRefs: an older policy has the same target");
    }

    private List<Condition> conditions(BackendTlsPolicy policy) {
        long generation = policy.metadata().generation();
        ValidatedPolicy validatedPolicy = validations.computeIfAbsent(policy, this::validate);
        return List.of(
                Conditions.of(
                        ConditionType.ACCEPTED, unaccepted(policy, validatedPolicy), generation),
                Conditions.of(
                        ConditionType.RESOLVED_REFS, validatedPolicy.unresolved(), generation));
    }

    private Status.OfAncestor ancestor(NamespacedName gateway, List<Condition> conditions) {
        return new Status.OfAncestor(
                new Route.ParentRef(
                        Gateway.GROUP, "Gateway", gateway.namespace(), gateway.name(), null, null),
                translationSettings.controllerName(),
                conditions);
    }
}
