package dev.sluice.upstream.health;

import dev.sluice.http.RequestHead;
import dev.sluice.upstream.pool.SideRequest;
import java.nio.ByteBuffer;

/// What an endpoint is asked by a request, and what is expected of the response.
sealed interface ProbeRequest permits HttpProbe, GrpcProbe {

    RequestHead head(String scheme, String authority);

    ByteBuffer body();

    /// @return what is wrong, empty when it is well
    String fault(SideRequest.FullResponse response);
}
