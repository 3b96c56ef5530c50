package dev.sluice.translate;

import dev.sluice.finding.Finding;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.Port;
import dev.sluice.ir.Upstream;
import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.GatewayClass;
import dev.sluice.resource.GrpcRoute;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.L4Route;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.ReferenceGrants;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import dev.sluice.resource.Statuses;
import dev.sluice.resource.TcpRoute;
import dev.sluice.resource.TlsRoute;
import dev.sluice.translate.backend.BackendResolver;
import dev.sluice.translate.backend.BackendTlsPolicies;
import dev.sluice.translate.context.CertificateRefs;
import dev.sluice.translate.context.CertificateTexts;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.gateway.GatewayFindings;
import dev.sluice.translate.gateway.GatewayParameters;
import dev.sluice.translate.gateway.GatewayPorts;
import dev.sluice.translate.gateway.GatewayServices;
import dev.sluice.translate.gateway.GatewayState;
import dev.sluice.translate.gateway.GatewayStatuses;
import dev.sluice.translate.gateway.GatewayTranslator;
import dev.sluice.translate.gateway.ListenerState;
import dev.sluice.translate.gateway.TargetPorts;
import dev.sluice.translate.policy.EffectivePolicies;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.route.ExposedServices;
import dev.sluice.translate.route.L4RouteAttacher;
import dev.sluice.translate.route.RouteAttacher;
import dev.sluice.translate.route.RouteParents;
import dev.sluice.translate.status.Conditions;
import dev.sluice.translate.status.GatewayApiVersions;
import dev.sluice.translate.status.ObjectBarrier;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.SupportedFeatures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The pure function from a snapshot to a configuration and the statuses that explain it: no clock,
/// no I/O. What users wrote never makes it throw; should it nevertheless, that stays with the
/// object.
public final class Translator {

    private final TranslationSettings translationSettings;
    private final List<PolicyKind> kinds;
    private final BiConsumer<ObjectRef, Throwable> errors;

    /// One that throws what it does not expect.
    ///
    /// @param kinds of our own policies
    public Translator(TranslationSettings translationSettings, List<PolicyKind> kinds) {
        this(translationSettings, kinds, Translator::rethrow);
    }

    /// One that keeps what it does not expect to the object at which that came up.
    ///
    /// @param kinds of our own policies
    /// @param errors notified of each error, with the object
    public Translator(
            TranslationSettings translationSettings,
            List<PolicyKind> kinds,
            BiConsumer<ObjectRef, Throwable> errors) {
        this.translationSettings = translationSettings;
        this.kinds = List.copyOf(kinds);
        this.errors = errors;
    }

    private static void rethrow(ObjectRef object, Throwable error) {
        throw new IllegalStateException(object.toString(), error);
    }

    /// Translates a snapshot whose sockets could all be bound.
    public Translation translate(Resources resources) {
        return translate(resources, Map.of(), new Memo());
    }

    /// @param bindFailures by [Port#id] why a socket of this configuration is not there
    /// @param memo of the translations before this one
    public Translation translate(Resources resources, Map<String, String> bindFailures, Memo memo) {
        return new Run(resources, bindFailures, memo.answered())
                .translate(memo.certificates(), memo.pass(resources));
    }

    /// One translation.
    private final class Run {
        private final Resources resources;
        private final Map<String, String> bindFailures;
        private final Map<ObjectRef, Status> statuses;
        private final List<Finding> findings = new ArrayList<>();
        private final Map<NamespacedName, GatewayState> gateways = new LinkedHashMap<>();
        private final ObjectBarrier barrier = new ObjectBarrier(errors);

        Run(Resources resources, Map<String, String> bindFailures, int answered) {
            this.resources = resources;
            this.bindFailures = bindFailures;
            this.statuses = HashMap.newHashMap(answered);
        }

        Translation translate(CertificateTexts.Cache texts, Memo.Pass memo) {
            ReferenceGrants referenceGrants = new ReferenceGrants(resources);
            CertificateRefs certificates = new CertificateRefs(resources, referenceGrants, texts);
            gateways(
                    new GatewayTranslator(resources, translationSettings, certificates, barrier),
                    classes());
            EffectivePolicies own =
                    new EffectivePolicies(
                            translationSettings, resources, referenceGrants, kinds, memo, barrier);
            BackendTlsPolicies policies =
                    new BackendTlsPolicies(resources, translationSettings, certificates, barrier);
            BackendResolver backendResolver =
                    new BackendResolver(resources, referenceGrants, policies, own, memo);
            RouteParents parents = new RouteParents(translationSettings, resources, gateways);
            RouteAttacher attacher =
                    new RouteAttacher(
                            translationSettings, resources, parents, backendResolver, own, memo);
            Stream.<Route>concat(
                            resources.all(HttpRoute.class).stream(),
                            resources.all(GrpcRoute.class).stream())
                    .forEach(route ->
                            barrier.run(route, () -> attacher.attach(route, statuses, findings)));
            L4RouteAttacher l4 = new L4RouteAttacher(translationSettings, parents, backendResolver);
            Stream.<L4Route>concat(
                            resources.all(TcpRoute.class).stream(),
                            resources.all(TlsRoute.class).stream())
                    .forEach(route ->
                            barrier.run(route, () -> l4.attach(route, statuses, findings)));
            Route.ParentRef exposeAt = translationSettings.exposeAt();
            if (exposeAt != null) {
                new ExposedServices(exposeAt, translationSettings)
                        .attach(resources, attacher, memo, statuses, findings, barrier);
            }
            Map<String, Upstream> upstreams = backendResolver.upstreams();
            memo.end();
            statuses.putAll(policies.statuses());
            statuses.putAll(own.statuses(gateways.values()));
            findings.addAll(policies.findings(resources));
            findings.addAll(own.findings());
            TargetPorts targets =
                    new TargetPorts(resources, translationSettings, gateways.values());
            List<Port> ports = ports(targets);
            answer(
                    new GatewayStatuses(
                            translationSettings, ports, targets, bindFailures, own::affected));
            List<DesiredInfrastructure> infrastructure = infrastructure(targets);
            findings.addAll(barrier.findings());
            statuses.putAll(barrier.statuses(translationSettings.controllerName(), parents::ours));
            return new Translation(
                    new Configuration(ports, upstreams),
                    new Statuses(statuses),
                    findings,
                    infrastructure,
                    translationSettings.namespace() == null ? Map.of() : targets.planned(),
                    rejected(attacher.rejected() + l4.rejected() + barrier.count()));
        }

        private List<DesiredInfrastructure> infrastructure(TargetPorts targets) {
            return switch (translationSettings.sockets()) {
                case OWN -> List.of();
                case SERVICE ->
                        Stream.concat(
                                        GatewayServices.of(
                                                List.copyOf(gateways.values()),
                                                resources,
                                                targets,
                                                barrier)
                                                .stream(),
                                        GatewayServices.abandoned(
                                                resources,
                                                translationSettings.controllerName(),
                                                barrier)
                                                .stream())
                                .toList();
            };
        }

        private Map<String, GatewayClass> classes() {
            Map<String, GatewayClass> ours = new LinkedHashMap<>();
            for (GatewayClass one : resources.all(GatewayClass.class)) {
                barrier.run(one, () -> judge(one, ours));
            }
            return ours;
        }

        private void judge(GatewayClass one, Map<String, GatewayClass> ours) {
            if (!translationSettings.controllerName().equals(one.spec().controllerName())) {
                return;
            }
            Rejection rejection = rejection(one);
            if (rejection != null) {
                findings.add(rejection.finding(Kinds.ref(one), "spec."));
            }
            long generation = one.metadata().generation();
            Condition accepted = Conditions.of(ConditionType.ACCEPTED, rejection, generation);
            Condition version = GatewayApiVersions.supported(resources, generation);
            statuses.put(
                    Kinds.ref(one),
                    new Status.OfGatewayClass(
                            version == null ? List.of(accepted) : List.of(accepted, version),
                            SupportedFeatures.SUPPORTED));
            GatewayClass.ParametersRef ref = one.spec().parametersRef();
            // Where only what the ConfigMap says is wrong, its Gateways report it, too.
            if (rejection == null || ref != null && ref.kind().equals("ConfigMap")) {
                ours.put(one.name(), one);
            }
        }

        private @Nullable Rejection rejection(GatewayClass one) {
            GatewayClass.ParametersRef ref = one.spec().parametersRef();
            if (ref == null) {
                return null;
            }
            if (!ref.group().isEmpty() || !ref.kind().equals("ConfigMap")) {
                return new Rejection(
                        "InvalidParameters",
                        "parametersRef: " + ref.group() + "/" + ref.kind() + " is not a ConfigMap");
            }
            ConfigMap map =
                    ref.namespace() == null
                            ? null
                            : resources.find(ConfigMap.class, ref.namespace(), ref.name());
            return map == null
                    ? new Rejection(
                            "InvalidParameters",
                            "parametersRef: ConfigMap \"%s/%s\" not found"
                                    .formatted(ref.namespace(), ref.name()))
                    : GatewayParameters.check("parametersRef: ", map.data());
        }

        private void gateways(GatewayTranslator translator, Map<String, GatewayClass> classes) {
            for (Gateway gateway : resources.all(Gateway.class)) {
                barrier.run(
                        gateway,
                        () -> {
                            GatewayClass ofClass = classes.get(gateway.spec().gatewayClassName());
                            if (ofClass != null) {
                                GatewayState state =
                                        barrier.get(
                                                gateway,
                                                () -> translator.translate(gateway, ofClass),
                                                () -> GatewayState.failed(gateway));
                                gateways.put(state.key(), state);
                            } else {
                                findings.addAll(
                                        GatewayFindings.unserved(
                                                gateway, resources, translationSettings));
                            }
                        });
            }
        }

        private List<Port> ports(TargetPorts targets) {
            List<Port> ports = new ArrayList<>();
            for (GatewayState state : gateways.values()) {
                ports.addAll(barrier.get(state.gateway(), () -> ports(state, targets), List::of));
            }
            return ports;
        }

        private List<Port> ports(GatewayState state, TargetPorts targets) {
            return switch (translationSettings.sockets()) {
                case OWN -> GatewayPorts.own(state);
                case SERVICE -> GatewayPorts.ofService(state, targets);
            };
        }

        private void answer(GatewayStatuses answers) {
            for (GatewayState state : gateways.values()) {
                Gateway gateway = state.gateway();
                barrier.run(
                        gateway,
                        () -> {
                            statuses.put(Kinds.ref(gateway), answers.of(state));
                            findings.addAll(GatewayFindings.of(state, bindFailures));
                        });
            }
            for (ListenerSet set : resources.all(ListenerSet.class)) {
                barrier.run(set, () -> answer(set, answers));
            }
        }

        private void answer(ListenerSet set, GatewayStatuses answers) {
            for (GatewayState state : gateways.values()) {
                if (GatewayTranslator.isParent(set, state.gateway())) {
                    statuses.put(Kinds.ref(set), answers.of(set, state));
                    findings.addAll(GatewayFindings.of(set, state));
                }
            }
        }

        private int rejected(int routes) {
            long listeners =
                    gateways.values().stream()
                            .flatMap(state -> state.listeners().stream())
                            .filter(ListenerState::isRejected)
                            .count();
            return Math.toIntExact(listeners + routes);
        }
    }
}
