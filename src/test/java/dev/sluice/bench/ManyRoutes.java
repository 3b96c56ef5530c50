package dev.sluice.bench;

import dev.sluice.fixture.Manifests;
import dev.sluice.resource.Resource;
import dev.sluice.source.file.Manifest;
import java.util.ArrayList;
import java.util.List;

/// HTTPRoutes in any number, a hundred on each hostname.
final class ManyRoutes {

    private static final int PER_HOST = 100;

    static final String GATEWAY = Manifests.gateway(80, 9000);

    private static final String ROUTE =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: route-$i}
            spec:
              parentRefs: [{name: gateway}]
              hostnames: [host-$h.example.com]
              rules:
              - matches: [{path: {type: PathPrefix, value: /path-$i}}]
                filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x, value: y}]}}]
                backendRefs: [{name: backend, port: 80, weight: $w}]
            """;

    private ManyRoutes() {}

    static String text(int route, int weight) {
        return ROUTE.replace("$i", String.valueOf(route))
                .replace("$h", String.valueOf(route / PER_HOST))
                .replace("$w", String.valueOf(weight));
    }

    static Resource route(int route, int weight) {
        return Manifest.read(text(route, weight)).resources().getFirst();
    }

    /// What they need, and then the routes.
    static List<Resource> objects(int count) {
        List<Resource> objects = new ArrayList<>(Manifest.read(GATEWAY).resources());
        for (int i = 0; i < count; i++) {
            objects.add(route(i, 1));
        }
        return objects;
    }
}
