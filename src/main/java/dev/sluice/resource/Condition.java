package dev.sluice.resource;

/// A condition as a value. Its time of transition is stamped by who writes it.
///
/// @param type such as `Accepted`
/// @param status true or false
/// @param reason such as `NoMatchingParent`
/// @param message for people
/// @param observedGeneration the generation that it judges
public record Condition(
        String type, boolean status, String reason, String message, long observedGeneration) {}
