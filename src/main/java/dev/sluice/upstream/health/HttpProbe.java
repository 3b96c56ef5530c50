package dev.sluice.upstream.health;

import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.ir.HealthCheck.Probe;
import dev.sluice.upstream.pool.SideRequest;
import java.nio.ByteBuffer;

/// A GET whose status is the result.
record HttpProbe(Probe.Http probe) implements ProbeRequest {

    @Override
    public RequestHead head(String scheme, String authority) {
        return new RequestHead("GET", scheme, authority, probe.path(), new HttpFields());
    }

    @Override
    public ByteBuffer body() {
        return ByteBuffer.allocate(0);
    }

    @Override
    public String fault(SideRequest.FullResponse response) {
        int status = response.head().status();
        return probe.statuses().contains(status) ? "" : "status " + status;
    }
}
