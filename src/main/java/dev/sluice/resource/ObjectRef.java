package dev.sluice.resource;

/// The identity of an object.
///
/// @param group API group, empty for core
/// @param kind such as `HTTPRoute`
/// @param namespace empty for cluster-scoped kinds
/// @param name of the object
public record ObjectRef(String group, String kind, String namespace, String name)
        implements Comparable<ObjectRef> {

    /// Of what distinguishes objects best.
    @Override
    public int hashCode() {
        return 31 * name.hashCode() + namespace.hashCode();
    }

    @Override
    public int compareTo(ObjectRef other) {
        int byKind = kind.compareTo(other.kind);
        if (byKind != 0) {
            return byKind;
        }
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /// `HTTPRoute shop/cart`.
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
