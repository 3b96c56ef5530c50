package dev.sluice.translate.route;

import dev.sluice.finding.Finding;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.Metadata;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Service;
import dev.sluice.resource.Status;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.status.Conditions;
import dev.sluice.translate.status.ObjectBarrier;
import dev.sluice.translate.status.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Services that ask for a route by `sluice.dev/expose: host[/path]`: an annotation or, without a
/// path, a label. Each becomes an HTTPRoute in the Service's namespace, and is attached and
/// answered as one: the Gateway decides which namespaces it takes routes from.
public final class ExposedServices {

    static final String KEY = "sluice.dev/expose";

    /// As the API server takes hostnames of HTTPRoutes (RFC 1123), together with [#BAD_HOST]. One
    /// class that is repeated, and no group: a group takes stack for each time that it is.
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-z0-9][-.a-z0-9]*+");

    private static final Pattern BAD_HOST = Pattern.compile("[-.]\\.|\\.-|[-.]$");

    private static final int LONGEST_HOST = 253;

    /// As the API server takes paths of HTTPRoutes: of at most 1024 characters.
    private static final Pattern PATH = Pattern.compile("/[-A-Za-z0-9._~!$&'()*+,;=:@%/]*+");

    private static final int LONGEST_PATH = 1024;

    private static final Pattern BAD_PATH =
            Pattern.compile("//|/\\.\\.?(/|$)|%2[fF]|%(?![0-9A-Fa-f]{2})");

    private final Route.ParentRef gateway;
    private final TranslationSettings translationSettings;

    /// @param gateway that the routes are attached to
    public ExposedServices(Route.ParentRef gateway, TranslationSettings translationSettings) {
        this.gateway = gateway;
        this.translationSettings = translationSettings;
    }

    /// Attaches them, and answers at the Services.
    ///
    /// @param findings gets what is wrong with them
    public void attach(
            Resources resources,
            RouteAttacher attacher,
            RouteCache cache,
            Map<ObjectRef, Status> statuses,
            List<Finding> findings,
            ObjectBarrier barrier) {
        for (Service service : resources.all(Service.class)) {
            ExposeRequest exposeRequest = wanted(service.metadata());
            if (exposeRequest != null) {
                Status answer =
                        barrier.get(
                                service,
                                () -> answer(service, exposeRequest, attacher, cache, findings),
                                () -> refused(service, ObjectBarrier.REJECTION));
                statuses.put(Kinds.ref(service), answer);
            }
        }
    }

    private Status answer(
            Service service,
            ExposeRequest exposeRequest,
            RouteAttacher attacher,
            RouteCache cache,
            List<Finding> findings) {
        ObjectRef ref = Kinds.ref(service);
        Rejection rejection = rejection(service, exposeRequest);
        if (rejection != null) {
            findings.add(rejection.finding(ref, ""));
            return refused(service, rejection);
        }
        Map<ObjectRef, Status> answers = new HashMap<>();
        List<Finding> ofRoute = new ArrayList<>();
        attacher.attach(cache.exposed(service, one -> route(one, exposeRequest)), answers, ofRoute);
        ofRoute.forEach(one -> findings.add(one.of(ref)));
        return answers.values().stream()
                .findFirst()
                .orElseGet(() ->
                        refused(
                                service,
                                new Rejection(
                                        "NoMatchingParent",
                                        "Gateway \"%s/%s\" is not one of ours"
                                                .formatted(gateway.namespace(), gateway.name()))));
    }

    /// @param text as it is written
    private record ExposeRequest(String text, String host, String path) {}

    private static @Nullable ExposeRequest wanted(Metadata metadata) {
        String annotation = metadata.annotations().get(KEY);
        String text = annotation != null ? annotation : metadata.labels().get(KEY);
        if (text == null) {
            return null;
        }
        int slash = text.indexOf('/');
        return slash < 0
                ? new ExposeRequest(text, text, "/")
                : new ExposeRequest(text, text.substring(0, slash), text.substring(slash));
    }

    private static @Nullable Rejection rejection(Service service, ExposeRequest exposeRequest) {
        if (exposeRequest.host().length() > LONGEST_HOST
                || exposeRequest.path().length() > LONGEST_PATH) {
            return new Rejection(
                    "UnsupportedValue",
                    "%s: the host has %d characters and the path %d; at most %d and %d are taken"
                            .formatted(
                                    KEY,
                                    exposeRequest.host().length(),
                                    exposeRequest.path().length(),
                                    LONGEST_HOST,
                                    LONGEST_PATH));
        }
        if (!HOST.matcher(exposeRequest.host()).matches()
                || BAD_HOST.matcher(exposeRequest.host()).find()
                || !PATH.matcher(exposeRequest.path()).matches()
                || BAD_PATH.matcher(exposeRequest.path()).find()) {
            return new Rejection(
                    "UnsupportedValue",
                    KEY + ": \"" + exposeRequest.text() + "\" is not host[/path]");
        }
        return service.spec().ports().isEmpty()
                ? new Rejection("UnsupportedValue", KEY + ": the Service has no port")
                : null;
    }

    private HttpRoute route(Service service, ExposeRequest exposeRequest) {
        Metadata of = service.metadata();
        HttpRoute.Match match =
                new HttpRoute.Match(
                        new HttpRoute.PathMatch("PathPrefix", exposeRequest.path()),
                        List.of(),
                        List.of(),
                        null);
        Route.BackendRef backend =
                new Route.BackendRef(
                        "", "Service", null, of.name(), port(service).port(), null, List.of());
        return new HttpRoute(
                new Metadata(
                        of.namespace(),
                        RuleOrigins.routeName(service),
                        of.generation(),
                        of.creationTimestamp(),
                        of.deletionTimestamp(),
                        of.uid(),
                        Map.of(),
                        Map.of()),
                new HttpRoute.Spec(
                        List.of(gateway),
                        List.of(exposeRequest.host()),
                        List.of(
                                new HttpRoute.Rule(
                                        null,
                                        List.of(match),
                                        List.of(),
                                        List.of(backend),
                                        null,
                                        null,
                                        null))));
    }

    /// The one named `http`, else the first.
    private static Service.Port port(Service service) {
        List<Service.Port> ports = service.spec().ports();
        return ports.stream()
                .filter(port -> "http".equals(port.name()))
                .findFirst()
                .orElse(ports.getFirst());
    }

    private Status refused(Service service, Rejection rejection) {
        return new Status.OfRoute(
                List.of(
                        new Status.OfParent(
                                gateway,
                                translationSettings.controllerName(),
                                List.of(
                                        Conditions.of(
                                                ConditionType.ACCEPTED,
                                                rejection,
                                                service.metadata().generation())))));
    }
}
