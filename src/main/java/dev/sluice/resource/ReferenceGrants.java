package dev.sluice.resource;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Which references across namespaces are permitted (ReferenceGrant). A grant with a field that we
/// do not know permits nothing: the field may restrict it.
public final class ReferenceGrants {

    private final Map<String, List<ReferenceGrant>> byNamespace;

    public ReferenceGrants(Resources resources) {
        byNamespace =
                resources.all(ReferenceGrant.class).stream()
                        .filter(grant -> grant.metadata().unsupported().isEmpty())
                        .collect(Collectors.groupingBy(ReferenceGrant::namespace));
    }

    public boolean permits(ObjectRef from, ObjectRef to) {
        if (from.namespace().equals(to.namespace())) {
            return true;
        }
        return byNamespace.getOrDefault(to.namespace(), List.of()).stream()
                .anyMatch(grant -> allowsFrom(grant, from) && allowsTo(grant, to));
    }

    private static boolean allowsFrom(ReferenceGrant grant, ObjectRef from) {
        return grant.spec().from().stream()
                .anyMatch(f ->
                        f.group().equals(from.group())
                                && f.kind().equals(from.kind())
                                && f.namespace().equals(from.namespace()));
    }

    private static boolean allowsTo(ReferenceGrant grant, ObjectRef to) {
        return grant.spec().to().stream()
                .anyMatch(t ->
                        t.group().equals(to.group())
                                && t.kind().equals(to.kind())
                                && (t.name() == null || t.name().equals(to.name())));
    }
}
