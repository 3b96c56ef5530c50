package dev.sluice.source.file;

/// What is taken of files.
///
/// @param strict whether an object with a field that its kind does not have is refused
/// @param startsIncomplete whether the first configuration is taken although a file or document
///   cannot be read, and so objects that nobody knows are missing
public record FileRules(boolean strict, boolean startsIncomplete) {

    public static final FileRules DEFAULT = new FileRules(true, false);
}
