package dev.sluice.source.file;

import java.nio.file.Path;

/// What is wrong with a file or an object in it.
///
/// @param file relative to the folder
/// @param line of the field, or at which the object begins, from 1; 0 for the file as a whole
/// @param message names the object, the field, the value and the rule
public record Problem(Severity severity, Path file, int line, String message) {

    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line) + ": " + message;
    }
}
