package dev.sluice.translate.policy;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Policy;
import dev.sluice.resource.PolicySpec;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import dev.sluice.translate.gateway.GatewayState;
import dev.sluice.translate.status.Conditions;
import dev.sluice.translate.status.Rejection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A policy while it is judged.
final class PolicyState {

    /// A status may hold so many.
    private static final int MAX_ANCESTORS = 16;

    /// Overriding policies that a message names.
    private static final int MAX_REMARKS = 8;

    private final PolicyKind kind;
    private final Policy policy;
    private final DecodedPolicy decoded;

    /// Sections that have no effect somewhere, by the policy that overrides them.
    private final Map<ObjectRef, Set<String>> overridden = new TreeMap<>();

    private final Set<ObjectRef> gateways = new TreeSet<>();
    private final List<PolicyState> winners = new ArrayList<>();
    private final Set<Rejection> rejections = new LinkedHashSet<>();
    private @Nullable Rejection rejection;
    private @Nullable ObjectRef lost;

    PolicyState(PolicyKind kind, Policy policy, DecodedPolicy decoded) {
        this.kind = kind;
        this.policy = policy;
        this.decoded = decoded;
        this.rejection = decoded.rejection();
        this.rejections.addAll(decoded.rejections());
    }

    Policy policy() {
        return policy;
    }

    ObjectRef ref() {
        return Kinds.ref(policy);
    }

    /// Why a target cannot be one, null when it can.
    @Nullable Rejection rejects(PolicyTarget target, Resources resources) {
        if (!kind.targets().contains(target.object().kind())) {
            lost = target.object();
            return new Rejection(
                    "Invalid",
                    "targetRefs: a "
                            + Kinds.of(kind.type()).name()
                            + " cannot be attached to a "
                            + target.object().kind(),
                    FindingCode.INVALID_TARGET_KIND);
        }
        Rejection missing = target.missing(resources);
        if (missing != null) {
            lost = target.object();
        }
        return missing;
    }

    boolean isOf(PolicyKind other) {
        return kind.equals(other);
    }

    /// Whether it must not be passed by, and its target is not there.
    boolean isLost(Rejection wrong) {
        return wrong.code() == FindingCode.TARGET_NOT_FOUND && kind.failsClosed();
    }

    boolean failsClosed() {
        return kind.failsClosed();
    }

    /// Whether the whole object of a target is closed for what is wrong with its section.
    boolean isClosing(PolicyTarget target, Rejection wrong) {
        return wrong.code() == FindingCode.TARGET_SECTION_NOT_FOUND
                && kind.failsClosed()
                && kind.targets().contains(target.object().kind());
    }

    /// Why one of its sections has no effect on a target, null when all have.
    @Nullable Rejection misplaced(PolicyTarget target) {
        if (target.isOfService()) {
            return null;
        }
        return decoded.names()
                .filter(kind::isOfServices)
                .findFirst()
                .map(section ->
                        new Rejection(
                                "Invalid",
                                section
                                        + ": has no effect on "
                                        + target
                                        + ", only on a Service: its state belongs to the Service's"
                                        + " port"))
                .orElse(null);
    }

    /// The first rejection stays the condition's, which has one reason; findings report all.
    void reject(Rejection why) {
        rejections.add(why);
        if (rejection == null) {
            rejection = why;
        }
    }

    /// Another policy of the kind has the target.
    void conflictsWith(PolicyTarget target, PolicyState winner) {
        boolean older =
                winner.policy
                        .metadata()
                        .creationTimestamp()
                        .isBefore(policy.metadata().creationTimestamp());
        winners.add(winner);
        reject(
                new Rejection(
                        "Conflicted",
                        "targetRefs: "
                                + target
                                + " is taken by "
                                + Kinds.ref(winner.policy)
                                + (older ? ", which is older" : ", whose name comes first")));
    }

    DecodedPolicy decoded() {
        return decoded;
    }

    /// A section of it that is in effect at a place.
    EffectivePolicy attach(String section, PolicySection value, PolicyTarget place) {
        return new EffectivePolicy(
                this,
                new AttachedPolicy(
                        Kinds.of(kind.type()).name(),
                        section,
                        mode(),
                        NamespacedName.of(policy).toString(),
                        place.toString(),
                        value));
    }

    /// A section has no effect somewhere, because another policy overrides it there.
    void overridden(String section, PolicyState by) {
        overridden.computeIfAbsent(by.ref(), _ -> new TreeSet<>()).add(section);
    }

    /// Which sections have no effect somewhere, and why.
    private String remarks() {
        StringJoiner all = new StringJoiner("; ");
        overridden.entrySet().stream()
                .limit(MAX_REMARKS)
                .forEach(one ->
                        all.add(
                                String.join(", ", one.getValue())
                                        + ": overridden by "
                                        + one.getKey()));
        return all.toString();
    }

    private AttachedPolicy.Mode mode() {
        return switch (policy.spec().mode()) {
            case "Off" -> AttachedPolicy.Mode.OFF;
            case "Shadow" -> AttachedPolicy.Mode.SHADOW;
            default -> AttachedPolicy.Mode.ENFORCE;
        };
    }

    void effectiveOn(ObjectRef gateway) {
        gateways.add(gateway);
    }

    void addIfTargeted(GatewayState state) {
        for (PolicySpec.TargetRef ref : policy.spec().targetRefs()) {
            ObjectRef target = PolicyTarget.of(policy, ref).object();
            if (target.equals(Kinds.ref(state.gateway()))
                    || state.sets().stream().anyMatch(set -> target.equals(Kinds.ref(set)))) {
                effectiveOn(Kinds.ref(state.gateway()));
            }
        }
    }

    /// What is wrong with it.
    List<Finding> findings() {
        return rejections.stream().map(one -> one.finding(ref(), parent(one))).toList();
    }

    /// Where the field stands that a message begins with: sections may stand in three places.
    private String parent(Rejection one) {
        String message = one.message();
        int end = 0;
        while (end < message.length() && Character.isLetterOrDigit(message.charAt(end))) {
            end++;
        }
        String section = message.substring(0, end);
        PolicySpec spec = policy.spec();
        boolean plain = section.equals("targetRefs") || spec.plain().containsKey(section);
        if (!plain && spec.defaults().containsKey(section)) {
            return "spec.defaults.";
        }
        return !plain && spec.overrides().containsKey(section) ? "spec.overrides." : "spec.";
    }

    /// The Gateways that it has an effect on, or would have without another policy; where there is
    /// none, the target that cannot be one.
    List<Status.OfAncestor> ancestors(String controller) {
        Set<ObjectRef> refs = new TreeSet<>(gateways);
        winners.forEach(winner -> refs.addAll(winner.gateways));
        if (refs.isEmpty() && lost != null) {
            refs.add(lost);
        }
        Condition accepted =
                rejection == null
                        ? ConditionType.ACCEPTED.good(remarks(), policy.metadata().generation())
                        : Conditions.of(
                                ConditionType.ACCEPTED, rejection, policy.metadata().generation());
        return refs.stream()
                .limit(MAX_ANCESTORS)
                .map(ref -> new Status.OfAncestor(parent(ref), controller, List.of(accepted)))
                .toList();
    }

    private static Route.ParentRef parent(ObjectRef ref) {
        return new Route.ParentRef(
                ref.group(), ref.kind(), ref.namespace(), ref.name(), null, null);
    }
}
