package dev.sluice.finding;

/// Where a finding stands.
///
/// @param file relative to its folder; empty for an object of a cluster
/// @param line of the field, or at which the object begins, from 1; 0 for the file as a whole
/// @param revision changes whenever the file or the object is saved
public record Place(String file, int line, long revision) {

    /// That of an object of a cluster.
    ///
    /// @param generation of the object
    public static Place ofGeneration(long generation) {
        return new Place("", 0, generation);
    }

    /// `routes.yaml:12`; empty for an object of a cluster.
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
