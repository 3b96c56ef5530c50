package dev.sluice.translate;

import dev.sluice.ir.Backend;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.resource.EndpointSlice;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Resolves backendRefs to upstreams.
final class Backends {

    private static final int INTERNAL_SERVER_ERROR = 500;

    private final Resources resources;
    private final Grants grants;
    private final Map<String, Upstream> upstreams = new LinkedHashMap<>();

    Backends(Resources resources, Grants grants) {
        this.resources = resources;
        this.grants = grants;
    }

    /// All that were referred to.
    Map<String, Upstream> upstreams() {
        return upstreams;
    }

    /// A backend; one that does not resolve keeps its weight and answers 500.
    ///
    /// @param field where the reference stands, for messages
    Backend backend(
            HttpRoute route,
            HttpRoute.BackendRef ref,
            String field,
            List<HttpFilter> filters,
            Consumer<Rejection> rejections) {
        int weight = ref.weight() == null ? 1 : ref.weight();
        String namespace = ref.namespace() == null ? route.namespace() : ref.namespace();
        Rejection rejection = check(route, ref, namespace, field);
        if (rejection != null) {
            rejections.accept(rejection);
            return new Backend.Invalid(weight, INTERNAL_SERVER_ERROR, rejection.message());
        }
        Service service =
                Objects.requireNonNull(resources.find(Service.class, namespace, ref.name()));
        int port = Objects.requireNonNull(ref.port());
        String id = namespace + "/" + ref.name() + ":" + port;
        upstreams.computeIfAbsent(id, _ -> upstream(id, service, port));
        return new Backend.Forward(weight, id, filters);
    }

    private @Nullable Rejection check(
            HttpRoute route, HttpRoute.BackendRef ref, String namespace, String field) {
        if (!ref.group().isEmpty() || !ref.kind().equals("Service")) {
            String kind = ref.group().isEmpty() ? ref.kind() : ref.group() + "/" + ref.kind();
            return new Rejection("InvalidKind", field + "kind " + kind + " is not a Service");
        }
        String name = namespace + "/" + ref.name();
        Grants.End from =
                new Grants.End(Gateway.GROUP, "HTTPRoute", route.namespace(), route.name());
        if (!grants.permits(from, new Grants.End("", "Service", namespace, ref.name()))) {
            return new Rejection(
                    "RefNotPermitted",
                    field + "no ReferenceGrant permits Service \"" + name + "\"");
        }
        Service service = resources.find(Service.class, namespace, ref.name());
        if (service == null) {
            return new Rejection("BackendNotFound", field + "Service \"" + name + "\" not found");
        }
        Integer port = ref.port();
        if (port == null) {
            return new Rejection("BackendNotFound", field + "port is missing");
        }
        if (service.spec().ports().stream().noneMatch(p -> p.port() == port)) {
            String has =
                    service.spec().ports().stream()
                            .map(p -> String.valueOf(p.port()))
                            .collect(Collectors.joining(", "));
            return new Rejection(
                    "BackendNotFound",
                    field + "Service \"" + name + "\" has no port " + port + "; it has " + has);
        }
        return null;
    }

    private Upstream upstream(String id, Service service, int port) {
        Service.Port servicePort =
                service.spec().ports().stream()
                        .filter(p -> p.port() == port)
                        .findFirst()
                        .orElseThrow();
        Upstream.Protocol protocol =
                "kubernetes.io/h2c".equals(servicePort.appProtocol())
                        ? Upstream.Protocol.HTTP2
                        : Upstream.Protocol.HTTP1;
        return new Upstream(id, protocol, null, endpoints(service, servicePort));
    }

    private List<Endpoint> endpoints(Service service, Service.Port port) {
        String written = service.metadata().annotations().get(Service.ENDPOINTS);
        if (written != null) {
            return written(written);
        }
        if ("ExternalName".equals(service.spec().type()) && service.spec().externalName() != null) {
            return List.of(new Endpoint(service.spec().externalName(), port.port()));
        }
        String portName = port.name() == null ? "" : port.name();
        List<Endpoint> endpoints = new ArrayList<>();
        for (EndpointSlice slice : resources.slices(service.namespace(), service.name())) {
            for (EndpointSlice.Port slicePort : slice.ports()) {
                String name = slicePort.name() == null ? "" : slicePort.name();
                if (name.equals(portName) && slicePort.port() != null) {
                    ready(slice, slicePort.port(), endpoints);
                }
            }
        }
        return endpoints;
    }

    private static void ready(EndpointSlice slice, int port, List<Endpoint> into) {
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
            if (endpoint.isReady()) {
                endpoint.addresses().forEach(address -> into.add(new Endpoint(address, port)));
            }
        }
    }

    private static List<Endpoint> written(String text) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String address = part.trim();
            int colon = address.lastIndexOf(':');
            if (colon > 0) {
                try {
                    int port = Integer.parseInt(address.substring(colon + 1));
                    endpoints.add(new Endpoint(address.substring(0, colon), port));
                } catch (NumberFormatException e) {
                    // The source reports the annotation's value; here it is an endpoint less.
                }
            }
        }
        return endpoints;
    }
}
