package dev.sluice.discovery;

import dev.sluice.ir.Upstream.Endpoint;
import java.net.URI;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;

/// An endpoint of a Service.
record Instance(String service, Endpoint endpoint, boolean secure, Map<String, String> metadata)
        implements ServiceInstance {

    @Override
    public String getInstanceId() {
        return endpoint.toString();
    }

    @Override
    public String getServiceId() {
        return service;
    }

    @Override
    public String getHost() {
        return endpoint.host();
    }

    @Override
    public int getPort() {
        return endpoint.port();
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public String getScheme() {
        return secure ? "https" : "http";
    }

    @Override
    public URI getUri() {
        return URI.create(getScheme() + "://" + endpoint);
    }

    @Override
    public Map<String, String> getMetadata() {
        return metadata;
    }
}
