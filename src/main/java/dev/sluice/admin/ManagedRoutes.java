package dev.sluice.admin;

import dev.sluice.control.ControlLoop;
import dev.sluice.finding.Finding;
import dev.sluice.ir.HttpFilter;
import dev.sluice.resource.BackendTlsPolicy;
import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.GatewayFilter;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Service;
import dev.sluice.resource.Status;
import dev.sluice.source.file.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Routes that are made at run time: one file each in a folder that the file source watches. A
/// route is taken when nothing at all is wrong with it: its schema, its references, its place at a
/// Gateway.
public final class ManagedRoutes {

    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,200}[a-z0-9])?");
    private static final String SUFFIX = ".yaml";

    private final Path folder;
    private final ControlLoop loop;
    private final Function<HttpFilter.Spring, Optional<String>> filterProblem;

    /// @param filterProblem why a Spring filter cannot be made; empty when it can
    public ManagedRoutes(
            Path folder,
            ControlLoop loop,
            Function<HttpFilter.Spring, Optional<String>> filterProblem) {
        this.folder = folder;
        this.loop = loop;
        this.filterProblem = filterProblem;
    }

    /// Makes the folder where it is missing.
    public static Path folder(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException("sluice.routes.path: \"" + path + "\"", e);
        }
    }

    /// What became of a write.
    public sealed interface WriteResult {}

    /// @param created false where it replaced another
    public record Stored(boolean created) implements WriteResult {}

    /// @param reasons at least one
    public record RouteRejected(List<String> reasons) implements WriteResult {}

    /// `namespace/name` of all, in order.
    public List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX) && !file.startsWith("."))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                    .map(file -> file.replaceFirst("\\.", "/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One as it is kept, null when there is none.
    public @Nullable String text(String namespace, String name) {
        Path file = file(namespace, name);
        try {
            return file != null && Files.exists(file) ? Files.readString(file) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Path file(String namespace, String name) {
        return NAMESPACE.matcher(namespace).matches() && NAME.matcher(name).matches()
                ? folder.resolve(namespace + "." + name + SUFFIX)
                : null;
    }

    /// @param text an HTTPRoute or GRPCRoute as JSON or YAML, with what belongs to it, or a Spring
    ///   Cloud Gateway route definition
    public synchronized WriteResult put(String namespace, String name, String text) {
        Path file = file(namespace, name);
        if (file == null) {
            String path = "\"" + namespace + "/" + name + "\"";
            return new RouteRejected(
                    List.of(path + " is not a namespace and a name of Kubernetes"));
        }
        String manifest;
        try {
            manifest = manifest(namespace, name, text);
        } catch (IllegalArgumentException | JacksonException e) {
            return new RouteRejected(List.of(String.valueOf(e.getMessage())));
        }
        List<String> reasons = judge(namespace, name, manifest);
        if (!reasons.isEmpty()) {
            return new RouteRejected(reasons);
        }
        boolean created = !Files.exists(file);
        try {
            Path draft = folder.resolve("." + file.getFileName());
            Files.writeString(draft, manifest);
            Files.move(
                    draft,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Stored(created);
    }

    /// Whether there was one.
    public synchronized boolean delete(String namespace, String name) {
        Path file = file(namespace, name);
        try {
            return file != null && Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String manifest(String namespace, String name, String text) {
        JsonNode first = first(text);
        if (!RouteDefinitions.is(first)) {
            return text;
        }
        StringBuilder documents = new StringBuilder();
        Gateway gateway = gateway(first.path("metadata").path("gateway").asString(""), namespace);
        for (Object document : RouteDefinitions.objects(first, namespace, name, gateway)) {
            documents.append(YAML.writeValueAsString(document));
        }
        return documents.toString();
    }

    private static JsonNode first(String text) {
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(text)) {
            return all.hasNextValue() ? all.nextValue() : YAML.missingNode();
        }
    }

    private Gateway gateway(String named, String namespace) {
        List<Gateway> all = loop.newest().all(Gateway.class);
        String wanted =
                named.contains("/") ? named : new NamespacedName(namespace, named).toString();
        List<Gateway> found =
                all.stream()
                        .filter(each ->
                                named.isEmpty()
                                        || wanted.equals(NamespacedName.of(each).toString()))
                        .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    "metadata.gateway: \""
                            + named
                            + "\" does not name one of "
                            + all.stream().map(NamespacedName::of).toList());
        }
        return found.getFirst();
    }

    private List<String> judge(String namespace, String name, String text) {
        Manifest manifest = Manifest.read(text);
        List<String> reasons = new ArrayList<>();
        for (Finding finding : manifest.findings()) {
            reasons.add("line " + Manifest.line(finding) + ": " + finding.text());
        }
        manifest.otherKinds().forEach(kind -> reasons.add(kind + " does not belong to a route"));
        Set<ObjectRef> before =
                refs(Manifest.read(Objects.requireNonNullElse(text(namespace, name), "")));
        List<Route> routes = new ArrayList<>();
        for (Resource object : manifest.resources()) {
            ObjectRef ref = Kinds.ref(object);
            switch (object) {
                case Route route -> routes.add(route);
                case GatewayFilter(var metadata, GatewayFilter.Spec(var factory, var args)) ->
                        filterProblem
                                .apply(new HttpFilter.Spring(metadata.name(), factory, args))
                                .ifPresent(problem -> reasons.add(ref + ": spec: " + problem));
                case Service _, BackendTlsPolicy _ -> {}
                default -> reasons.add(ref + " does not belong to a route");
            }
            if (!before.contains(ref)
                    && loop.newest().find(object.getClass(), object.namespace(), object.name())
                            != null) {
                reasons.add(ref + " is defined elsewhere");
            }
        }
        if (!reasons.isEmpty()) {
            return reasons;
        }
        if (routes.size() != 1
                || !routes.getFirst().namespace().equals(namespace)
                || !routes.getFirst().name().equals(name)) {
            return List.of("the body is not one route with the name " + namespace + "/" + name);
        }
        return conditions(routes.getFirst(), loop.newest().with(manifest.resources()));
    }

    private static Set<ObjectRef> refs(Manifest manifest) {
        return manifest.resources().stream().map(Kinds::ref).collect(Collectors.toSet());
    }

    /// What the status of the route would report.
    private List<String> conditions(Route route, Resources resources) {
        ObjectRef ref = Kinds.ref(route);
        Status status = loop.preview(resources).statuses().byObject().get(ref);
        if (!(status instanceof Status.OfRoute(var parents)) || parents.isEmpty()) {
            return List.of(ref + ": spec.parentRefs: none is a Gateway that is served here");
        }
        List<String> reasons = new ArrayList<>();
        for (Status.OfParent parent : parents) {
            for (Condition condition : parent.conditions()) {
                if (ConditionType.isBad(condition)) {
                    reasons.add(ref + ": " + condition.reason() + ": " + condition.message());
                }
            }
        }
        return reasons;
    }
}
