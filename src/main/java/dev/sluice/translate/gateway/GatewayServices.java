package dev.sluice.translate.gateway;

import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.GatewayClass;
import dev.sluice.resource.Pod;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import dev.sluice.translate.status.ObjectBarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The Services that give Gateways their addresses in a cluster.
public final class GatewayServices {

    private GatewayServices() {}

    /// The name of a Gateway's Service.
    static String name(Gateway gateway) {
        return Names.service("sluice-" + gateway.name());
    }

    /// What these Gateways need, as far as they have target ports, and what is to go: Services of
    /// Gateways that changed to the class of another controller. Of a Gateway that is deleted they
    /// go by themselves, and a class that is gone may come back.
    public static List<DesiredInfrastructure> of(
            List<GatewayState> gateways,
            Resources resources,
            TargetPorts targets,
            ObjectBarrier barrier) {
        List<Pod> pods = resources.all(Pod.class);
        List<DesiredInfrastructure> result = new ArrayList<>();
        for (GatewayState state : gateways) {
            barrier.run(
                    state.gateway(),
                    () -> {
                        Map<Integer, Integer> ports = ports(state, targets);
                        if (!ports.isEmpty()) {
                            result.add(of(state, ports, pods));
                        }
                    });
        }
        return result;
    }

    /// What was made for Gateways that another controller serves now.
    ///
    /// @param controller our name
    public static List<DesiredInfrastructure> abandoned(
            Resources resources, String controller, ObjectBarrier barrier) {
        List<DesiredInfrastructure> result = new ArrayList<>();
        for (Gateway gateway : resources.all(Gateway.class)) {
            barrier.run(
                    gateway,
                    () -> {
                        Service service = abandoned(gateway, resources, controller);
                        if (service != null) {
                            result.add(
                                    new DesiredInfrastructure(
                                            gateway,
                                            service.name(),
                                            "",
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
                        && DesiredInfrastructure.isOurs(service.metadata(), gateway)
                ? service
                : null;
    }

    /// Those that are served and have a target port.
    private static Map<Integer, Integer> ports(GatewayState state, TargetPorts targets) {
        Map<Integer, Integer> ports = new TreeMap<>();
        for (ListenerState listener : state.listeners()) {
            int port = listener.spec().port();
            int target = targets.of(state.gateway(), port);
            if (listener.isServed() && target > 0) {
                ports.put(port, target);
            }
        }
        return ports;
    }

    private static DesiredInfrastructure of(
            GatewayState state, Map<Integer, Integer> ports, List<Pod> pods) {
        Gateway gateway = state.gateway();
        Gateway.Infrastructure wishes = gateway.spec().infrastructure();
        Gateway.Infrastructure given = wishes == null ? Gateway.Infrastructure.NONE : wishes;
        Map<String, String> labels = new TreeMap<>(given.labels());
        labels.put(DesiredInfrastructure.GATEWAY_NAME, Names.label(gateway.name()));
        labels.put(
                DesiredInfrastructure.GATEWAY_CLASS,
                Names.label(gateway.spec().gatewayClassName()));
        labels.put(DesiredInfrastructure.MANAGED_BY, DesiredInfrastructure.MANAGER);
        return new DesiredInfrastructure(
                gateway,
                name(gateway),
                state.parameters().getOrDefault(GatewayParameters.TYPE, "LoadBalancer"),
                state.parameters().getOrDefault(GatewayParameters.TRAFFIC_POLICY, ""),
                GatewayPorts.address(gateway),
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
                .getOrDefault(GatewayParameters.ANNOTATIONS, "")
                .lines()
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> all.put(pair[0].strip(), pair[1].strip()));
        all.putAll(own);
        return all;
    }
}
