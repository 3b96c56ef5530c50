package dev.sluice.translate;

import dev.sluice.resource.Gateway;
import dev.sluice.resource.GatewayClass;
import dev.sluice.resource.Infrastructure;
import dev.sluice.resource.Pod;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The Services that give Gateways their addresses in a cluster.
///
/// Target ports are allocated once and then read from the Service, so that they stay over restarts
/// and are the same on all replicas.
final class GatewayServices {

    private static final int FIRST_TARGET = 20_000;
    private static final int TARGETS = 10_000;
    private static final Pattern TARGET = Pattern.compile("2[0-9]{4}");

    private GatewayServices() {}

    /// The name of a Gateway's Service.
    static String name(Gateway gateway) {
        return Names.service("sluice-" + gateway.name());
    }

    /// The target port of a Gateway's port, 0 while the Service has none.
    static int target(@Nullable Service service, int port) {
        if (service == null) {
            return 0;
        }
        for (Service.Port each : service.spec().ports()) {
            String target = each.targetPort();
            // Somebody else may have written a name there, or another number.
            if (each.port() == port && target != null && TARGET.matcher(target).matches()) {
                return Integer.parseInt(target);
            }
        }
        return 0;
    }

    /// What these Gateways need, with free target ports for what is new, and what is to go: Services
    /// of Gateways that changed to the class of another controller. Of a Gateway that is deleted they
    /// go by themselves, and a class that is gone may come back.
    static List<Infrastructure> of(
            List<GatewayState> gateways, Resources resources, ObjectBarrier barrier) {
        Set<Integer> taken = new HashSet<>();
        for (GatewayState gateway : gateways) {
            Service service = gateway.service();
            if (service != null) {
                barrier.run(
                        gateway.gateway(),
                        () ->
                                service.spec()
                                        .ports()
                                        .forEach(p -> taken.add(target(service, p.port()))));
            }
        }
        List<Pod> pods = resources.all(Pod.class);
        List<Infrastructure> result = new ArrayList<>();
        for (GatewayState state : gateways) {
            barrier.run(
                    state.gateway(),
                    () -> {
                        Set<Integer> wanted = new TreeSet<>();
                        state.listeners().stream()
                                .filter(ListenerState::isServed)
                                .forEach(listener -> wanted.add(listener.spec().port()));
                        if (!wanted.isEmpty()) {
                            result.add(of(state, ports(state, wanted, taken), pods));
                        }
                    });
        }
        return result;
    }

    /// What was made for Gateways that another controller serves now.
    ///
    /// @param controller our name
    static List<Infrastructure> abandoned(
            Resources resources, String controller, ObjectBarrier barrier) {
        List<Infrastructure> result = new ArrayList<>();
        for (Gateway gateway : resources.all(Gateway.class)) {
            barrier.run(
                    gateway,
                    () -> {
                        Service service = abandoned(gateway, resources, controller);
                        if (service != null) {
                            result.add(
                                    new Infrastructure(
                                            gateway,
                                            service.name(),
                                            "",
                                            "",
                                            Map.of(),
                                            Map.of(),
                                            Map.of(),
                                            List.of()));
                        }
                    });
        }
        return result;
    }

    private static @Nullable Service abandoned(
            Gateway gateway, Resources resources, String controller) {
        GatewayClass ofClass =
                resources.find(GatewayClass.class, "", gateway.spec().gatewayClassName());
        Service service = resources.find(Service.class, gateway.namespace(), name(gateway));
        return ofClass != null
                        && !controller.equals(ofClass.spec().controllerName())
                        && service != null
                        && Infrastructure.isOurs(service.metadata().labels())
                ? service
                : null;
    }

    private static Map<Integer, Integer> ports(
            GatewayState state, Set<Integer> wanted, Set<Integer> taken) {
        Map<Integer, Integer> ports = new TreeMap<>();
        for (int port : wanted) {
            int target = target(state.service(), port);
            if (target == 0) {
                int seed = Ports.id(state.gateway(), port).hashCode();
                target = FIRST_TARGET + Math.floorMod(seed, TARGETS);
                while (!taken.add(target)) {
                    target = FIRST_TARGET + (target - FIRST_TARGET + 1) % TARGETS;
                }
            }
            ports.put(port, target);
        }
        return ports;
    }

    private static Infrastructure of(
            GatewayState state, Map<Integer, Integer> ports, List<Pod> pods) {
        Gateway gateway = state.gateway();
        Gateway.Infrastructure wishes = gateway.spec().infrastructure();
        Gateway.Infrastructure given = wishes == null ? Gateway.Infrastructure.NONE : wishes;
        Map<String, String> labels = new TreeMap<>(given.labels());
        labels.put(Infrastructure.GATEWAY_NAME, Names.label(gateway.name()));
        labels.put(Infrastructure.GATEWAY_CLASS, Names.label(gateway.spec().gatewayClassName()));
        labels.put(Infrastructure.MANAGED_BY, Infrastructure.MANAGER);
        return new Infrastructure(
                gateway,
                name(gateway),
                state.parameters().getOrDefault("serviceType", "LoadBalancer"),
                Ports.address(gateway),
                labels,
                annotations(given.annotations(), state.parameters()),
                ports,
                pods);
    }

    /// The Gateway's own, and those of its parameters, which are lines of `name: value`.
    private static Map<String, String> annotations(
            Map<String, String> own, Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>();
        parameters
                .getOrDefault("serviceAnnotations", "")
                .lines()
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> all.put(pair[0].strip(), pair[1].strip()));
        all.putAll(own);
        return all;
    }
}
