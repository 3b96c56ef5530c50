package dev.sluice.resource;

/// The name of an object within its kind.
///
/// @param namespace that it is in
/// @param name of the object
public record NamespacedName(String namespace, String name) implements Comparable<NamespacedName> {

    public static NamespacedName of(Resource object) {
        return new NamespacedName(object.namespace(), object.name());
    }

    @Override
    public int compareTo(NamespacedName other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /// `shop/cart`.
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
