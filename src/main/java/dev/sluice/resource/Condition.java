package dev.sluice.resource;

/// A condition as a value. Its time of transition is stamped by who writes it.
///
/// @param type of [ConditionType], or that of [#affected]
/// @param status true or false
/// @param reason such as `NoMatchingParent`
/// @param message for people
/// @param observedGeneration the generation that it judges
public record Condition(
        String type, boolean status, String reason, String message, long observedGeneration) {

    /// The condition on an object that policies of a kind are attached to, or to a part of it
    /// (GEP-713).
    ///
    /// @param names of the policies, for people
    public static Condition affected(Kind kind, String names, long generation) {
        String type = kind.group() + "/" + kind.name() + "Affected";
        return new Condition(type, true, "PolicyAffected", names, generation);
    }
}
