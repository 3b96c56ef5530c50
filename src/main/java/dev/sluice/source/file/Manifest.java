package dev.sluice.source.file;

import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import java.util.List;

/// What a text of YAML or JSON holds.
///
/// @param resources the objects that are taken
/// @param rejected objects that are there but not taken
/// @param findings what is wrong
/// @param otherKinds kinds that are not read here, such as `apps/Deployment`
/// @param broken whether the text as a whole is not YAML
public record Manifest(
        List<Resource> resources,
        List<ObjectRef> rejected,
        List<Finding> findings,
        List<String> otherKinds,
        boolean broken) {

    public Manifest {
        resources = List.copyOf(resources);
        rejected = List.copyOf(rejected);
        findings = List.copyOf(findings);
        otherKinds = List.copyOf(otherKinds);
    }

    /// @param line from 1, within the text
    public record Finding(Severity severity, int line, String message) {}

    public static Manifest read(String text) {
        return new ManifestReader(text).read();
    }
}
