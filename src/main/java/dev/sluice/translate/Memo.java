package dev.sluice.translate;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.CustomResourceDefinition;
import dev.sluice.resource.EndpointSlice;
import dev.sluice.resource.GrpcRoute;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.Pod;
import dev.sluice.resource.Policy;
import dev.sluice.resource.ReferenceGrant;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Secret;
import dev.sluice.resource.Service;
import dev.sluice.resource.TcpRoute;
import dev.sluice.resource.TlsRoute;
import dev.sluice.translate.backend.BackendPort;
import dev.sluice.translate.backend.ReadyEndpoints;
import dev.sluice.translate.backend.UpstreamCache;
import dev.sluice.translate.context.CertificateTexts;
import dev.sluice.translate.policy.DecodedPolicies;
import dev.sluice.translate.policy.DecodedPolicy;
import dev.sluice.translate.route.RouteCache;
import dev.sluice.translate.route.RouteResult;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What translation remembers from one snapshot to the next, so that a change costs what it
/// touches. It never changes what comes out; and as long as a rule stays equal, the same instance
/// comes out. Used by one thread at a time.
public final class Memo {

    /// What a route's outcome does not depend on, or only on those that it looked at
    /// ([Dependencies]).
    private static final Set<Class<? extends Resource>> APART =
            Set.of(
                    HttpRoute.class,
                    GrpcRoute.class,
                    TcpRoute.class,
                    TlsRoute.class,
                    Service.class,
                    EndpointSlice.class,
                    Pod.class,
                    CustomResourceDefinition.class);

    /// The kinds whose objects any route may depend on.
    private static final List<Class<? extends Resource>> FRAME =
            Kinds.all().stream()
                    .<Class<? extends Resource>>map(Kind::type)
                    .filter(type -> !APART.contains(type))
                    .toList();

    /// What the sections of a policy may refer to.
    private static final List<Class<? extends Resource>> REFERRED =
            List.of(Secret.class, ConfigMap.class, ReferenceGrant.class);

    private final CertificateTexts.Cache certificates = new CertificateTexts.Cache();
    private Resources before = Resources.EMPTY;
    private IdentityHashMap<Policy, DecodedPolicy> policies = new IdentityHashMap<>();
    private IdentityHashMap<Route, RouteResult> outcomes = new IdentityHashMap<>();
    private IdentityHashMap<Service, HttpRoute> exposed = new IdentityHashMap<>();
    private Map<String, CachedUpstream> upstreams = new HashMap<>();
    private Map<String, Upstream> allUpstreams = Map.of();

    /// The texts of certificates.
    CertificateTexts.Cache certificates() {
        return certificates;
    }

    /// An upstream and what its endpoints were read from.
    private record CachedUpstream(Service service, List<EndpointSlice> slices, Upstream upstream) {

        @SuppressWarnings("ReferenceEquality") // equal ones that were read twice are read again
        boolean isOf(Service otherService, List<EndpointSlice> otherSlices) {
            return service == otherService && slices == otherSlices;
        }
    }

    /// About how many objects are answered.
    int answered() {
        return outcomes.size() + 16;
    }

    Pass pass(Resources now) {
        return new Pass(now);
    }

    /// One translation.
    final class Pass implements UpstreamCache, DecodedPolicies, RouteCache {
        private final Resources now;
        private final IdentityHashMap<Route, RouteResult> next =
                new IdentityHashMap<>(outcomes.size());
        private final IdentityHashMap<Service, HttpRoute> nextExposed = new IdentityHashMap<>();
        private final IdentityHashMap<Policy, DecodedPolicy> nextPolicies = new IdentityHashMap<>();
        private final Map<String, CachedUpstream> nextUpstreams =
                HashMap.newHashMap(upstreams.size());
        private Map<String, Upstream> nextAllUpstreams = Map.of();
        private int kept;
        private final boolean isFrameSame;
        private final boolean areReferredSame;
        private final boolean areServicesSame;
        private final boolean areSlicesSame;

        private Pass(Resources now) {
            this.now = now;
            this.isFrameSame = FRAME.stream().allMatch(type -> now.isSame(type, before));
            this.areReferredSame = REFERRED.stream().allMatch(type -> now.isSame(type, before));
            this.areServicesSame = now.isSame(Service.class, before);
            this.areSlicesSame = now.isSame(EndpointSlice.class, before);
        }

        /// The sections of a policy: those of before for the very same policy, if nothing changed
        /// that it may refer to.
        @Override
        public DecodedPolicy decoded(Policy policy, Supplier<DecodedPolicy> decode) {
            DecodedPolicy known = areReferredSame ? policies.get(policy) : null;
            DecodedPolicy decoded = known != null ? known : decode.get();
            nextPolicies.put(policy, decoded);
            return decoded;
        }

        /// What came of the very same route, if what it rests on did not change; null otherwise.
        /// Policies are not considered.
        @Override
        public @Nullable RouteResult known(Route route) {
            RouteResult known = isFrameSame ? outcomes.get(route) : null;
            return known != null && (areServicesSame || known.dependencies().isSame(now))
                    ? known
                    : null;
        }

        /// Puts an instance of before in the place of an equal rule of a route.
        @Override
        public UnaryOperator<HttpRule> interning(Route route) {
            Map<HttpRule, HttpRule> rules = new HashMap<>();
            Route old = before.find(route.getClass(), route.namespace(), route.name());
            RouteResult known = old == null ? null : outcomes.get(old);
            if (known != null) {
                known.rules().forEach(rule -> rules.putIfAbsent(rule, rule));
            }
            return rule -> {
                HttpRule same = rules.putIfAbsent(rule, rule);
                return same == null ? rule : same;
            };
        }

        @Override
        public void keep(Route route, RouteResult routeResult) {
            next.put(route, routeResult);
        }

        /// The route of a Service that asks for one: the same for the very same Service.
        @Override
        public HttpRoute exposed(Service service, Function<Service, HttpRoute> make) {
            HttpRoute known = exposed.get(service);
            HttpRoute route = known != null ? known : make.apply(service);
            nextExposed.put(service, route);
            return route;
        }

        /// The upstream of a Service's port: the very one of before for as long as it is equal.
        @Override
        public Upstream upstream(
                String id,
                BackendPort of,
                @Nullable UpstreamTls tls,
                List<AttachedPolicy> policies) {
            CachedUpstream cachedUpstream = upstreams.get(id);
            Service service = of.service();
            List<EndpointSlice> slices =
                    cachedUpstream != null && areSlicesSame
                            ? cachedUpstream.slices()
                            : now.slices(service.namespace(), service.name());
            List<Upstream.Endpoint> endpoints =
                    cachedUpstream != null && cachedUpstream.isOf(service, slices)
                            ? cachedUpstream.upstream().endpoints()
                            : ReadyEndpoints.ready(slices, service, of.port());
            Upstream upstream = new Upstream(id, of.protocol(), tls, endpoints, policies);
            if (cachedUpstream != null && cachedUpstream.upstream().equals(upstream)) {
                upstream = cachedUpstream.upstream();
                kept++;
            }
            nextUpstreams.put(id, new CachedUpstream(service, slices, upstream));
            return upstream;
        }

        /// Immutable, and the very map of before for as long as nothing in it is another one.
        @Override
        public Map<String, Upstream> upstreams(Map<String, Upstream> made) {
            boolean same = kept == made.size() && kept == allUpstreams.size();
            nextAllUpstreams = same ? allUpstreams : Map.copyOf(made);
            return nextAllUpstreams;
        }

        /// The translation has come to its end.
        void end() {
            before = now;
            outcomes = next;
            exposed = nextExposed;
            policies = nextPolicies;
            upstreams = nextUpstreams;
            allUpstreams = nextAllUpstreams;
        }
    }
}
