package dev.sluice.translate.gateway;

import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.status.Rejection;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The ports of our pods at which those of Gateways are served, as the record in our own namespace
/// has them: a ConfigMap that the leader writes, and nobody of those who may edit Gateways and
/// their Services.
///
/// Where there is no record yet, numbers of Services that are ours are taken over, once, where they
/// are in range and no other has them. New ones are planned, and count when they are in the record.
public final class TargetPorts {

    private static final int FIRST = 20_000;
    private static final int COUNT = 10_000;
    private static final Pattern NUMBER = Pattern.compile("2[0-9]{4}");

    private final Map<String, Integer> given = new HashMap<>();
    private final Map<String, Integer> planned = new TreeMap<>();
    private final Map<String, Rejection> denied = new HashMap<>();
    private final Map<String, Integer> byNamespace = new HashMap<>();
    private final Set<Integer> taken = new HashSet<>();
    private final int most;

    /// @param states the Gateways that are ours, oldest first
    public TargetPorts(
            Resources resources,
            TranslationSettings translationSettings,
            Collection<GatewayState> states) {
        this.most = translationSettings.maxPorts();
        String namespace = translationSettings.namespace();
        ConfigMap record =
                namespace == null
                        ? null
                        : resources.find(ConfigMap.class, namespace, DesiredInfrastructure.PORTS);
        if (record != null) {
            new TreeMap<>(record.data()).forEach(this::give);
        } else {
            states.forEach(this::takeOver);
        }
        states.forEach(this::keep);
        states.forEach(this::plan);
        if (namespace == null) {
            given.putAll(planned); // nothing to agree on: there is one replica
        }
    }

    private static String key(Gateway gateway, int port) {
        String uid = gateway.metadata().uid();
        String owner = uid.isEmpty() ? gateway.namespace() + "." + gateway.name() : uid;
        return owner + "." + port;
    }

    private void give(String key, String number) {
        if (NUMBER.matcher(number).matches() && taken.add(Integer.valueOf(number))) {
            given.put(key, Integer.valueOf(number));
        }
    }

    private void takeOver(GatewayState state) {
        Service service = state.service();
        if (service != null) {
            for (Service.Port port : service.spec().ports()) {
                if (port.targetPort() != null) {
                    give(key(state.gateway(), port.port()), port.targetPort());
                }
            }
        }
    }

    private static Set<Integer> ports(GatewayState state) {
        Set<Integer> ports = new TreeSet<>();
        state.listeners().forEach(listener -> ports.add(listener.spec().port()));
        return ports;
    }

    /// What a Gateway has it keeps for as long as one of its listeners asks for it, served or not.
    private void keep(GatewayState state) {
        for (int port : ports(state)) {
            String key = key(state.gateway(), port);
            Integer number = given.get(key);
            if (number != null) {
                planned.put(key, number);
                byNamespace.merge(state.gateway().namespace(), 1, Integer::sum);
            }
        }
    }

    private void plan(GatewayState state) {
        String namespace = state.gateway().namespace();
        Set<Integer> served = new TreeSet<>();
        state.listeners().stream()
                .filter(ListenerState::isServed)
                .forEach(listener -> served.add(listener.spec().port()));
        for (int port : served) {
            String key = key(state.gateway(), port);
            if (planned.containsKey(key)) {
                continue;
            }
            if (byNamespace.getOrDefault(namespace, 0) >= most) {
                denied.put(key, tooMany(namespace));
            } else if (taken.size() >= COUNT) {
                denied.put(
                        key, new Rejection("NoPort", "all " + COUNT + " target ports are taken"));
            } else {
                planned.put(key, free(Names.port(state.gateway(), port)));
                byNamespace.merge(namespace, 1, Integer::sum);
            }
        }
    }

    private Rejection tooMany(String namespace) {
        return new Rejection(
                "NamespaceBudgetExceeded",
                "namespace %s has %d target ports, the most that a namespace gets"
                        .formatted(namespace, most));
    }

    private int free(String seed) {
        int number = FIRST + Math.floorMod(seed.hashCode(), COUNT);
        while (!taken.add(number)) {
            number = FIRST + (number - FIRST + 1) % COUNT;
        }
        return number;
    }

    /// The target port of a Gateway's port, 0 while it has none.
    int of(Gateway gateway, int port) {
        return given.getOrDefault(key(gateway, port), 0);
    }

    /// Why a Gateway's port gets none, null when it has one or is to get it.
    public @Nullable Rejection denied(Gateway gateway, int port) {
        return denied.get(key(gateway, port));
    }

    /// What the record is to hold.
    public Map<String, Integer> planned() {
        return planned;
    }
}
