package dev.sluice.translate.gateway;

import dev.sluice.ir.Tls;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.ListenerOwner;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.Service;
import dev.sluice.translate.status.ObjectBarrier;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Gateway while it is translated.
///
/// @param gateway the Gateway
/// @param service what gives it its address in a cluster, null while there is none
/// @param parameters of its class and its own, by name
/// @param listeners its own, then those of its ListenerSets by precedence
/// @param sets the ListenerSets that may add listeners
/// @param unaccepted what keeps all of it from being served
/// @param clientCertificate presented to backends, null for none
public record GatewayState(
        Gateway gateway,
        @Nullable Service service,
        Map<String, String> parameters,
        List<ListenerState> listeners,
        List<ListenerSet> sets,
        @Nullable Rejection unaccepted,
        @Nullable Result<Tls.Certificate> clientCertificate) {

    /// One that could not be translated.
    public static GatewayState failed(Gateway gateway) {
        return new GatewayState(
                gateway, null, Map.of(), List.of(), List.of(), ObjectBarrier.REJECTION, null);
    }

    public NamespacedName key() {
        return NamespacedName.of(gateway);
    }

    /// The listeners that an object adds: the Gateway itself, or one of its ListenerSets.
    public List<ListenerState> listenersOf(ListenerOwner owner) {
        List<ListenerState> own = new ArrayList<>();
        for (ListenerState listener : listeners) {
            if (listener.owner().equals(owner)) {
                own.add(listener);
            }
        }
        return own;
    }

    public Tls.@Nullable Certificate backendCertificate() {
        return clientCertificate == null ? null : clientCertificate.value();
    }
}
