package dev.sluice.translate.backend;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.UpstreamTls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes upstreams, and gives the instance of the translation before for as long as it is equal.
public interface UpstreamCache {

    /// The upstream of a Service's port.
    Upstream upstream(
            String id, BackendPort of, @Nullable UpstreamTls tls, List<AttachedPolicy> policies);

    /// All upstreams of a translation, as an immutable map.
    Map<String, Upstream> upstreams(Map<String, Upstream> made);
}
