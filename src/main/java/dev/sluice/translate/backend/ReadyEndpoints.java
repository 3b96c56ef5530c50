package dev.sluice.translate.backend;

import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.resource.EndpointSlice;
import dev.sluice.resource.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The addresses behind a Service: of its EndpointSlices, its external name, or its annotation.
public final class ReadyEndpoints {

    private ReadyEndpoints() {}

    /// The ready ones of a port, in the order in which they are written; where none is ready, those
    /// that still serve while they end, as kube-proxy has it.
    ///
    /// @param slices of the Service
    public static List<Endpoint> ready(
            List<EndpointSlice> slices, Service service, Service.Port port) {
        String written = service.metadata().annotations().get(Service.ENDPOINTS);
        if (written != null) {
            return written(written);
        }
        if ("ExternalName".equals(service.spec().type()) && service.spec().externalName() != null) {
            return List.of(new Endpoint(service.spec().externalName(), port.port()));
        }
        List<Endpoint> ready = those(slices, port, EndpointSlice.Endpoint::isReady);
        return ready.isEmpty() ? those(slices, port, EndpointSlice.Endpoint::isEnding) : ready;
    }

    private static List<Endpoint> those(
            List<EndpointSlice> slices,
            Service.Port port,
            Predicate<EndpointSlice.Endpoint> wanted) {
        String portName = port.name() == null ? "" : port.name();
        List<Endpoint> endpoints = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            for (EndpointSlice.Port slicePort : slice.ports()) {
                String name = slicePort.name() == null ? "" : slicePort.name();
                if (name.equals(portName) && slicePort.port() != null) {
                    those(slice, slicePort.port(), wanted, endpoints);
                }
            }
        }
        return endpoints;
    }

    private static void those(
            EndpointSlice slice,
            int port,
            Predicate<EndpointSlice.Endpoint> wanted,
            List<Endpoint> into) {
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
            if (wanted.test(endpoint)) {
                endpoint.addresses().stream()
                        .map(address -> new Endpoint(address, port))
                        .filter(one -> !into.contains(one))
                        .forEach(into::add);
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
