package dev.sluice.source.file;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.resource.AuthPolicy;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.PolicySpec;
import dev.sluice.resource.Resources;
import java.util.LinkedHashSet;
import java.util.Set;

/// A target of an AuthPolicy that is not there: what the policy is to protect may be served under
/// another name, open to everybody.
record LostTarget(ObjectRef policy, ObjectRef target) {

    /// Those of policies that are not off.
    static Set<LostTarget> of(Resources resources) {
        Set<LostTarget> lost = new LinkedHashSet<>();
        for (AuthPolicy policy : resources.all(AuthPolicy.class)) {
            if (policy.spec().mode().equals("Off")) {
                continue;
            }
            for (PolicySpec.TargetRef ref : policy.spec().targetRefs()) {
                ObjectRef target =
                        new ObjectRef(ref.group(), ref.kind(), policy.namespace(), ref.name());
                if (resources.find(target) == null) {
                    lost.add(new LostTarget(Kinds.ref(policy), target));
                }
            }
        }
        return lost;
    }

    Finding finding() {
        return Finding.at(
                FindingCode.CHANGE_NOT_TAKEN,
                policy,
                "spec.targetRefs",
                target + " not found: no change of the files is taken");
    }
}
