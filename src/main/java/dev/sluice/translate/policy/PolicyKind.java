package dev.sluice.translate.policy;

import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Policy;
import dev.sluice.translate.status.Result;
import java.util.Set;

/// What translation has to know of a kind of policy. Attachment, precedence, conflicts and statuses
/// are the same for all kinds.
public interface PolicyKind {

    /// The record of its objects.
    Class<? extends Policy> type();

    /// Kinds that it may be attached to, such as `HTTPRoute`.
    Set<String> targets();

    /// Whether requests are refused where a section cannot be put into effect. Otherwise that
    /// section has no effect.
    boolean failsClosed();

    /// Whether it is in effect for the backends of rules, each on its own, and not for rules.
    default boolean isOfBackends() {
        return false;
    }

    /// Whether a section is in effect for ports of Services, whatever rule leads there: it may
    /// stand only in policies that are attached to Services.
    default boolean isOfServices(String section) {
        return false;
    }

    /// The name of the sections that are decided together with one: the first place that has any of
    /// them decides on all. By default each is decided on its own.
    default String group(String section) {
        return section;
    }

    /// Whether a section only says how the others of its group are combined, and so decides nothing
    /// on its own.
    default boolean isCombiner(String section) {
        return false;
    }

    /// Decodes a section.
    ///
    /// @param section its name
    /// @param written as it stands in the spec: maps, lists, strings, numbers, booleans
    /// @param references leads to what the section names
    /// @return what it says, or a rejection that names the field and the value
    Result<PolicySection> decode(String section, Object written, PolicyReferences references);
}
