package dev.sluice.translate.backend;

import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Services that a route's translation looked at, and the ports of them that it uses.
public final class Dependencies {

    private final List<ServiceLookup> reads = new ArrayList<>(1);
    private final List<BackendPort> used = new ArrayList<>(1);

    /// @param service what was found, null for nothing
    private record ServiceLookup(String namespace, String name, @Nullable Service service) {}

    void read(String namespace, String name, @Nullable Service service) {
        reads.add(new ServiceLookup(namespace, name, service));
    }

    void used(BackendPort port) {
        used.add(port);
    }

    public List<BackendPort> used() {
        return used;
    }

    /// Whether the route would find the very same Services now.
    @SuppressWarnings("ReferenceEquality")
    public // an equal Service that is another one is looked at again
    boolean isSame(Resources now) {
        for (ServiceLookup serviceLookup : reads) {
            if (now.find(Service.class, serviceLookup.namespace(), serviceLookup.name())
                    != serviceLookup.service()) {
                return false;
            }
        }
        return true;
    }
}
