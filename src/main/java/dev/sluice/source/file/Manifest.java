package dev.sluice.source.file;

import dev.sluice.finding.Finding;
import dev.sluice.finding.Place;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a text of YAML or JSON holds.
///
/// @param resources the objects that are taken
/// @param rejected objects that are there but not taken
/// @param standIns what stands in the place of those that are not taken, where no good version of
///   them is known and something may be open without them
/// @param findings what is wrong, with places whose lines count within the text and whose files are
///   empty
/// @param otherKinds kinds that are not read here, such as `apps/Deployment`
/// @param broken whether the text as a whole is not YAML
/// @param pointers where each object stands
public record Manifest(
        List<Resource> resources,
        List<ObjectRef> rejected,
        List<Resource> standIns,
        List<Finding> findings,
        List<String> otherKinds,
        boolean broken,
        Map<ObjectRef, ObjectPointer> pointers) {

    public Manifest {
        resources = List.copyOf(resources);
        rejected = List.copyOf(rejected);
        standIns = List.copyOf(standIns);
        findings = List.copyOf(findings);
        otherKinds = List.copyOf(otherKinds);
        pointers = Map.copyOf(pointers);
    }

    /// Where an object stands in a text.
    ///
    /// @param document its place among the documents of the text, from 0
    /// @param pointer of the object in its document
    record ObjectPointer(int document, String pointer) {}

    /// Reads a text; an object with a field that its kind does not have is not taken.
    public static Manifest read(String text) {
        return read(text, true);
    }

    /// @param strict whether an object with a field that its kind does not have is not taken
    static Manifest read(String text, boolean strict) {
        return new ManifestReader(text, strict).read();
    }

    /// The line at which a field of an object stands.
    ///
    /// @param text that was read
    /// @param field such as `spec.hostnames[0]`; empty for the object as a whole
    /// @return 0 where the text has no such object
    int line(String text, ObjectRef object, String field) {
        ObjectPointer at = pointers.get(object);
        if (at == null) {
            return 0;
        }
        String path = field.isEmpty() ? "" : "/" + field.replace("]", "").replaceAll("[.\\[]", "/");
        return ManifestReader.lines(text).of(at.document(), at.pointer() + path);
    }

    /// The line of a finding; 0 for the text as a whole.
    public static int line(Finding finding) {
        @Nullable Place place = finding.place();
        return place == null ? 0 : place.line();
    }
}
