package dev.sluice.translate;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.PolicySection.ServicePort;
import dev.sluice.ir.Tls;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.resource.GrpcRoute;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Service;
import dev.sluice.translate.context.ReferenceGrants;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Resolves references to Services.
final class BackendResolver {

    private final Resources resources;
    private final ReferenceGrants referenceGrants;
    private final BackendTlsPolicies encryption;
    private final EffectivePolicies effectivePolicies;
    private final Memo.Pass memo;
    private final Map<String, Upstream> upstreams = new HashMap<>();
    private final Map<String, Used> users = new HashMap<>();

    /// @param encryption decides about TLS
    /// @param effectivePolicies our own
    BackendResolver(
            Resources resources,
            ReferenceGrants referenceGrants,
            BackendTlsPolicies encryption,
            EffectivePolicies effectivePolicies,
            Memo.Pass memo) {
        this.resources = resources;
        this.referenceGrants = referenceGrants;
        this.encryption = encryption;
        this.effectivePolicies = effectivePolicies;
        this.memo = memo;
    }

    /// All that were referred to: the very map of before for as long as it is equal.
    Map<String, Upstream> upstreams() {
        return memo.upstreams(upstreams);
    }

    /// The Service's port that an upstream stands for, for those that ask for policies.
    Used used(String upstream) {
        return Objects.requireNonNull(users.get(upstream), upstream);
    }

    /// Where a route's traffic comes from and what it speaks.
    ///
    /// @param route that refers to a backend
    /// @param gateways by `namespace/name`, that the route attaches to, for the statuses of
    ///   policies
    /// @param clientCertificate of the Gateway, for backends that ask for one
    /// @param dependencies told of what is read and used
    record Use(
            Route route,
            Set<String> gateways,
            Tls.@Nullable Certificate clientCertificate,
            Dependencies dependencies) {}

    /// A Service's port that a route leads to.
    ///
    /// @param grpc whether gRPC is spoken to it
    /// @param id of its upstream, without a client certificate
    record Used(Use by, Service service, Service.Port port, boolean grpc, String id) {

        static Used of(Use by, Service service, Service.Port port, boolean grpc) {
            String id = service.namespace() + "/" + service.name() + ":" + port.port();
            return new Used(by, service, port, grpc, isHttp2(port, grpc) ? id + "/h2" : id);
        }

        Upstream.Protocol protocol() {
            return isHttp2(port, grpc) ? Upstream.Protocol.HTTP2 : Upstream.Protocol.HTTP1;
        }

        private static boolean isHttp2(Service.Port port, boolean grpc) {
            return grpc || "kubernetes.io/h2c".equals(port.appProtocol());
        }
    }

    /// The id of the upstream that a reference leads to.
    ///
    /// @param field where the reference stands, for messages
    Result<String> resolve(Use use, Route.BackendRef ref, String field) {
        return resolve(use, ref, use.route() instanceof GrpcRoute, field);
    }

    /// @param grpc whether gRPC is spoken to it
    Result<String> resolve(Use use, Route.BackendRef ref, boolean grpc, String field) {
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
        Used used = Used.of(use, service, servicePort, grpc);
        use.dependencies().used(used);
        Result<String> id = upstream(used);
        return id.rejection() == null
                ? id
                : Result.no("BackendTLSPolicy", field + ": " + id.rejection().message());
    }

    /// The id of the upstream that takes the place of another one.
    ///
    /// @param policy that says so
    Result<String> fallback(ObjectRef policy, ServicePort to, Used instead) {
        String field = ".fallback.backendRef: ";
        ObjectRef ref = new ObjectRef("", "Service", to.namespace(), to.name());
        if (!referenceGrants.permits(policy, ref)) {
            return Result.no(
                    "RefNotPermitted",
                    field + "no ReferenceGrant in namespace " + to.namespace() + " permits " + ref);
        }
        Service service = resources.find(Service.class, to.namespace(), to.name());
        if (service == null) {
            return Result.no("Invalid", field + ref + " not found");
        }
        Service.Port port =
                service.spec().ports().stream()
                        .filter(each -> each.port() == to.port())
                        .findFirst()
                        .orElse(null);
        if (port == null) {
            return Result.no("Invalid", field + ref + " has no port " + to.port());
        }
        Result<String> id = upstream(Used.of(instead.by(), service, port, instead.grpc()));
        return id.rejection() == null ? id : Result.no("Invalid", field + id.rejection().message());
    }

    /// The id of the upstream for a Service's port, which is there from now on.
    Result<String> upstream(Used used) {
        Result<UpstreamTls> tls = encryption.tls(used.service(), used.port(), used.by());
        if (tls != null && tls.rejection() != null) {
            return new Result<>(null, tls.rejection());
        }
        UpstreamTls encrypted = tls == null ? null : tls.value();
        String id =
                encrypted == null || encrypted.clientCertificate() == null
                        ? used.id()
                        : used.id() + "/" + encrypted.clientCertificate().name();
        List<AttachedPolicy> inEffect = effectivePolicies.of(used);
        if (!effectivePolicies.isEmpty()) {
            users.putIfAbsent(id, used);
        }
        upstreams.computeIfAbsent(id, key -> memo.upstream(key, used, encrypted, inEffect));
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
            return new Rejection("BackendNotFound", field + ".port is missing");
        }
        if (service.spec().ports().stream().noneMatch(p -> p.port() == port)) {
            String has =
                    service.spec().ports().stream()
                            .map(p -> String.valueOf(p.port()))
                            .collect(Collectors.joining(", "));
            return new Rejection(
                    "BackendNotFound",
                    field + ": Service \"" + name + "\" has no port " + port + "; it has " + has);
        }
        return null;
    }
}
