package dev.sluice.translate.policy;

import dev.sluice.finding.FindingCode;
import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Policy;
import dev.sluice.resource.ReferenceGrants;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Secret;
import dev.sluice.translate.status.Result;
import org.jspecify.annotations.Nullable;

/// What a policy's references lead to: objects of its own namespace, and of others where a
/// ReferenceGrant permits it.
public final class PolicyReferences {

    private final Policy policy;
    private final Resources resources;
    private final ReferenceGrants referenceGrants;

    public PolicyReferences(Policy policy, Resources resources, ReferenceGrants referenceGrants) {
        this.policy = policy;
        this.resources = resources;
        this.referenceGrants = referenceGrants;
    }

    /// The namespace of the policy.
    public String namespace() {
        return policy.namespace();
    }

    /// @param namespace null for the policy's own
    /// @param field that holds the reference
    public Result<Secret> secret(@Nullable String namespace, String name, String field) {
        return find(Secret.class, namespace, name, field);
    }

    /// @param namespace null for the policy's own
    /// @param field that holds the reference
    public Result<ConfigMap> configMap(@Nullable String namespace, String name, String field) {
        return find(ConfigMap.class, namespace, name, field);
    }

    private <T extends Resource> Result<T> find(
            Class<T> type, @Nullable String namespace, String name, String field) {
        String in = namespace == null ? policy.namespace() : namespace;
        String kind = Kinds.of(type).name();
        ObjectRef to = new ObjectRef(Kinds.of(type).group(), kind, in, name);
        if (!referenceGrants.permits(Kinds.ref(policy), to)) {
            return Result.no(
                    "RefNotPermitted",
                    field + ": no ReferenceGrant in namespace " + in + " permits " + to);
        }
        T found = resources.find(type, in, name);
        return found == null
                ? Result.no(
                        "Invalid",
                        field + ": " + to + " not found",
                        FindingCode.POLICY_REFERENCE_NOT_FOUND)
                : Result.of(found);
    }
}
