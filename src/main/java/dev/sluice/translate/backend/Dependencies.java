package dev.sluice.translate.backend;

import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Services that a route's translation looked at, and the ports of them that it uses.
public final class Dependencies {

    private final List<ServiceLookup> reads = new ArrayList<>(1);
    private final List<UsedUpstream> used = new ArrayList<>(1);

    /// @param service what was found, null for nothing
    private record ServiceLookup(String namespace, String name, @Nullable Service service) {}

    /// @param id of the upstream
    private record UsedUpstream(String id, BackendPort port) {}

    void read(String namespace, String name, @Nullable Service service) {
        reads.add(new ServiceLookup(namespace, name, service));
    }

    void used(String upstream, BackendPort port) {
        used.add(new UsedUpstream(upstream, port));
    }

    public List<BackendPort> used() {
        return used.stream().map(UsedUpstream::port).toList();
    }

    /// The Service's port that an upstream of the route stands for.
    public BackendPort port(String upstream) {
        for (UsedUpstream each : used) {
            if (each.id().equals(upstream)) {
                return each.port();
            }
        }
        throw new IllegalArgumentException(upstream);
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
