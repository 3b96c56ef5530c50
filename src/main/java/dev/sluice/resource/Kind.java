package dev.sluice.resource;

import java.util.List;

/// A kind of object that is read.
///
/// @param group API group, empty for core
/// @param versions that we can read, the preferred one first
/// @param name such as `HTTPRoute`
/// @param plural as in URLs
/// @param namespaced whether its objects belong to namespaces
/// @param answered whether we write statuses to its objects
/// @param type our record
public record Kind(
        String group,
        List<String> versions,
        String name,
        String plural,
        boolean namespaced,
        boolean answered,
        Class<? extends Resource> type) {

    public Kind {
        versions = List.copyOf(versions);
    }
}
