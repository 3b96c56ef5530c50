package dev.sluice.translate.backend;

import dev.sluice.ir.Tls;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.Route;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a route's traffic comes from and what it speaks.
///
/// @param route that refers to a backend
/// @param gateways that the route attaches to, for the statuses of policies
/// @param clientCertificate of the Gateway, for backends that ask for one
/// @param dependencies notified of what is read and used
public record BackendUse(
        Route route,
        Set<NamespacedName> gateways,
        Tls.@Nullable Certificate clientCertificate,
        Dependencies dependencies) {}
