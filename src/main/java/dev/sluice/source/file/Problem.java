package dev.sluice.source.file;

import java.nio.file.Path;

/// What is wrong with a file or an object in it.
///
/// @param file relative to the folder
/// @param document number of the document in the file, from 1; 0 for the file as a whole
/// @param message names the object, the field and the value
public record Problem(Path file, int document, String message) {

    @Override
    public String toString() {
        return file + (document == 0 ? "" : ", document " + document) + ": " + message;
    }
}
