package dev.sluice.translate.backend;

import dev.sluice.finding.FindingCode;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.PolicySection.ServicePort;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.resource.GrpcRoute;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.ReferenceGrants;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Service;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Resolves references to Services.
public final class BackendResolver {

    private final Resources resources;
    private final ReferenceGrants referenceGrants;
    private final BackendTlsPolicies encryption;
    private final PortPolicies portPolicies;
    private final UpstreamCache cache;
    private final Map<String, Upstream> upstreams = new HashMap<>();

    /// @param encryption decides about TLS
    /// @param portPolicies our own
    public BackendResolver(
            Resources resources,
            ReferenceGrants referenceGrants,
            BackendTlsPolicies encryption,
            PortPolicies portPolicies,
            UpstreamCache cache) {
        this.resources = resources;
        this.referenceGrants = referenceGrants;
        this.encryption = encryption;
        this.portPolicies = portPolicies;
        this.cache = cache;
    }

    /// All that were referred to: the very map of before for as long as it is equal.
    public Map<String, Upstream> upstreams() {
        return cache.upstreams(upstreams);
    }

    /// The id of the upstream that a reference of a route of requests leads to.
    ///
    /// @param field where the reference stands, for messages
    public Result<String> resolve(BackendUse use, Route.BackendRef ref, String field) {
        Traffic traffic = use.route() instanceof GrpcRoute ? Traffic.GRPC : Traffic.HTTP;
        return resolve(use, ref, traffic, field);
    }

    /// The id of the upstream that a reference leads to.
    ///
    /// @param traffic what is sent there
    /// @param field where the reference stands, for messages
    public Result<String> resolve(
            BackendUse use, Route.BackendRef ref, Traffic traffic, String field) {
        Route route = use.route();
        String namespace = ref.namespace() == null ? route.namespace() : ref.namespace();
        Service service = resources.find(Service.class, namespace, ref.name());
        use.dependencies().read(namespace, ref.name(), service);
        Rejection rejection = check(route, ref, namespace, service, field);
        Integer port = ref.port();
        if (rejection != null || service == null || port == null) {
            return new Result<>(null, rejection);
        }
        Service.Port servicePort =
                service.spec().ports().stream()
                        .filter(p -> p.port() == port)
                        .findFirst()
                        .orElseThrow();
        BackendPort used = BackendPort.of(use, service, servicePort, traffic);
        Result<String> id = upstream(used);
        use.dependencies().used(id.value() == null ? used.id() : id.value(), used);
        return id.rejection() == null
                ? id
                : Result.no("BackendTLSPolicy", field + ": " + id.rejection().message());
    }

    /// The id of the upstream that takes the place of another one.
    ///
    /// @param policy that says so
    public Result<String> fallback(ObjectRef policy, ServicePort to, BackendPort instead) {
        String field = ".fallback.backendRef: ";
        ObjectRef ref = new ObjectRef("", "Service", to.namespace(), to.name());
        if (!referenceGrants.permits(policy, ref)) {
            return Result.no(
                    "RefNotPermitted",
                    field + "no ReferenceGrant in namespace " + to.namespace() + " permits " + ref);
        }
        Service service = resources.find(Service.class, to.namespace(), to.name());
        if (service == null) {
            return Result.no(
                    "Invalid", field + ref + " not found", FindingCode.POLICY_REFERENCE_NOT_FOUND);
        }
        Service.Port port =
                service.spec().ports().stream()
                        .filter(each -> each.port() == to.port())
                        .findFirst()
                        .orElse(null);
        if (port == null) {
            return Result.no(
                    "Invalid",
                    field + ref + " has no port " + to.port(),
                    FindingCode.POLICY_REFERENCE_NOT_FOUND);
        }
        Result<String> id =
                upstream(BackendPort.of(instead.by(), service, port, instead.traffic()));
        return id.rejection() == null ? id : Result.no("Invalid", field + id.rejection().message());
    }

    /// The id of the upstream for a Service's port, which is there from now on.
    public Result<String> upstream(BackendPort used) {
        Result<UpstreamTls> tls =
                used.traffic() == Traffic.PASSTHROUGH
                        ? null
                        : encryption.tls(used.service(), used.port(), used.by());
        if (tls != null && tls.rejection() != null) {
            return new Result<>(null, tls.rejection());
        }
        UpstreamTls encrypted = tls == null ? null : tls.value();
        String id =
                encrypted == null || encrypted.clientCertificate() == null
                        ? used.id()
                        : used.id() + "/" + encrypted.clientCertificate().name();
        List<AttachedPolicy> inEffect = portPolicies.of(used);
        upstreams.computeIfAbsent(id, key -> cache.upstream(key, used, encrypted, inEffect));
        return Result.of(id);
    }

    private @Nullable Rejection check(
            Route route,
            Route.BackendRef ref,
            String namespace,
            @Nullable Service service,
            String field) {
        if (!ref.group().isEmpty() || !ref.kind().equals("Service")) {
            String kind = ref.group().isEmpty() ? ref.kind() : ref.group() + "/" + ref.kind();
            return new Rejection("InvalidKind", field + ": kind " + kind + " is not a Service");
        }
        String name = namespace + "/" + ref.name();
        ObjectRef to = new ObjectRef("", "Service", namespace, ref.name());
        if (!referenceGrants.permits(Kinds.ref(route), to)) {
            return new Rejection(
                    "RefNotPermitted",
                    field + ": no ReferenceGrant permits Service \"" + name + "\"");
        }
        if (service == null) {
            return new Rejection("BackendNotFound", field + ": Service \"" + name + "\" not found");
        }
        Integer port = ref.port();
        if (port == null) {
            return new Rejection(
                    "BackendNotFound",
                    field + ".port is missing",
                    FindingCode.SERVICE_PORT_NOT_FOUND);
        }
        if (service.spec().ports().stream().noneMatch(p -> p.port() == port)) {
            String has =
                    service.spec().ports().stream()
                            .map(p -> String.valueOf(p.port()))
                            .collect(Collectors.joining(", "));
            return new Rejection(
                    "BackendNotFound",
                    field + ": Service \"" + name + "\" has no port " + port + "; it has " + has,
                    FindingCode.SERVICE_PORT_NOT_FOUND);
        }
        return null;
    }
}
