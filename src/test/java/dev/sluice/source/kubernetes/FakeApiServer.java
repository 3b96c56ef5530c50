package dev.sluice.source.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The parts of an API server that the source and the sink use: lists, watches with bookmarks,
/// resource versions, patches of statuses, server-side apply. It can go away, forget its history,
/// cut its watches, and lack kinds.
final class FakeApiServer extends FakeObjects implements AutoCloseable {

    private static final ThreadFactory DAEMONS =
            Thread.ofPlatform().name("fake-api-server").daemon().factory();

    private HttpServer server;
    private int cuts;

    final Set<String> absent = ConcurrentHashMap.newKeySet();
    final Set<String> forbidden = ConcurrentHashMap.newKeySet();

    /// Without bookmarks, as a real one is of a kind that had no change since its start.
    volatile boolean silent;

    /// What objects become in lists.
    volatile UnaryOperator<ObjectNode> listed = UnaryOperator.identity();

    /// Whether watches end as soon as they have begun.
    volatile boolean hasty;

    /// What is refused besides whole kinds, by a line of [#requests].
    volatile Predicate<String> refused = _ -> false;

    /// What is answered with 500.
    volatile Predicate<String> broken = _ -> false;

    /// `METHOD path?query` of all requests, and ` metadata` behind those that want nothing else.
    final List<String> requests = new CopyOnWriteArrayList<>();

    FakeApiServer() {
        server = start(0);
    }

    private HttpServer start(int port) {
        try {
            HttpServer next =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            next.setExecutor(Executors.newCachedThreadPool(DAEMONS));
            next.createContext("/", this::handle);
            next.start();
            return next;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(
                        new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                                .withMasterUrl("http://127.0.0.1:" + port())
                                .withRequestRetryBackoffLimit(0)
                                .build())
                .build();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// Goes away; connections break.
    void kill() {
        server.stop(0);
    }

    /// Comes back at the same port.
    void revive(int port) {
        server = start(port);
    }

    /// Ends all watches. Each ends on its own thread: an exchange that another one closes may leave
    /// its connection in a state in which the next request is never answered.
    synchronized void cutWatches() {
        cuts++;
        notifyAll();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            String accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
            boolean metadata = accept.contains("as=PartialObjectMetadata");
            String request =
                    exchange.getRequestMethod()
                            + " "
                            + exchange.getRequestURI()
                            + (metadata ? " metadata" : "");
            requests.add(request);
            String kind = kind(path);
            if (forbidden.contains(kind) || refused.test(request)) {
                answer(exchange, 403, JSON.createObjectNode().put("message", "not permitted"));
            } else if (broken.test(request)) {
                answer(exchange, 500, JSON.createObjectNode().put("message", "broken"));
            } else if (path.matches("/api/v1|/apis/[^/]+/[^/]+")) {
                discover(exchange, path);
            } else if (absent.contains(kind)) {
                answer(exchange, 404, JSON.createObjectNode());
            } else if (query.contains("watch=true")) {
                watch(exchange, selector(path, query), Long.parseLong(parameter(query)), metadata);
            } else {
                answer(exchange, path, query, metadata);
            }
        } catch (IOException | InterruptedException e) {
            // The client is gone, or we are.
        }
    }

    private static String parameter(String query) {
        return query.replaceAll(".*resourceVersion=([0-9]*).*", "$1");
    }

    /// The plural in a path.
    private static String kind(String path) {
        String rest = path.replaceFirst("^/(api|apis/[^/]+)/[^/]+/?", "");
        rest = rest.replaceFirst("^namespaces/[^/]+/(?=.)", "");
        return rest.replaceFirst("/.*", "");
    }

    private void discover(HttpExchange exchange, String path) throws IOException {
        ObjectNode list = JSON.createObjectNode();
        dev.sluice.resource.Kinds.all().stream()
                .filter(kind -> !absent.contains(kind.plural()))
                .filter(kind -> path.endsWith("/" + kind.group() + "/" + kind.versions().get(0)))
                .forEach(
                        kind -> list.withArray("resources").addObject().put("name", kind.plural()));
        answer(exchange, list.isEmpty() ? 404 : 200, list);
    }

    private static Predicate<Event> selector(String path, String query) {
        String decoded = URLDecoder.decode(query, StandardCharsets.UTF_8);
        String name =
                decoded.contains("fieldSelector=metadata.name=")
                        ? decoded.replaceAll(".*fieldSelector=metadata.name=([^&]*).*", "$1")
                        : "";
        String label =
                decoded.contains("labelSelector=")
                        ? decoded.replaceAll(".*labelSelector=([^&]*).*", "$1")
                        : "";
        String root = path.replaceAll("/namespaces/[^/]+/[^/]+$|/[^/]+$", "");
        String namespace =
                path.matches(".*/namespaces/[^/]+/[^/]+$")
                        ? path.replaceAll(".*/namespaces/([^/]+)/[^/]+$", "$1")
                        : "";
        String plural = path.substring(path.lastIndexOf('/') + 1);
        return event -> {
            JsonNode metadata = event.object().path("metadata");
            return event.key().startsWith(root + "/")
                    && kind(event.key()).equals(plural)
                    && (namespace.isEmpty()
                            || namespace.equals(metadata.path("namespace").asString("")))
                    && (name.isEmpty() || name.equals(metadata.path("name").asString("")))
                    && (label.isEmpty()
                            || metadata.path("labels")
                                    .path(label.split("=", 2)[0])
                                    .asString("")
                                    .equals(label.split("=", 2)[1]));
        };
    }

    private void watch(HttpExchange exchange, Predicate<Event> wanted, long from, boolean metadata)
            throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        int begun;
        synchronized (this) {
            begun = cuts;
        }
        OutputStream out = exchange.getResponseBody();
        out.flush(); // the head
        long told = from;
        if (hasty) {
            return;
        }
        if (from < oldest) {
            ObjectNode gone = JSON.createObjectNode().put("type", "ERROR");
            gone.putObject("object").put("kind", "Status").put("code", 410);
            write(out, gone);
            return;
        }
        bookmark(out, from);
        while (true) {
            List<Event> next;
            synchronized (this) {
                if (cuts != begun) {
                    return;
                }
                long after = told;
                next = events.stream().filter(e -> e.version() > after).toList();
                if (next.isEmpty()) {
                    wait(1000);
                }
            }
            for (Event event : next) {
                told = event.version();
                if (wanted.test(event)) {
                    ObjectNode line = JSON.createObjectNode().put("type", event.type());
                    line.set("object", metadata ? metadata(event.object()) : event.object());
                    write(out, line);
                }
            }
            if (next.isEmpty()) {
                bookmark(out, told); // also finds out that the client is gone
            }
        }
    }

    private void bookmark(OutputStream out, long version) throws IOException {
        if (silent) {
            return;
        }
        ObjectNode line = JSON.createObjectNode().put("type", "BOOKMARK");
        line.putObject("object")
                .putObject("metadata")
                .put("resourceVersion", String.valueOf(version));
        write(out, line);
    }

    private static void write(OutputStream out, JsonNode line) throws IOException {
        out.write((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static ObjectNode metadata(ObjectNode object) {
        ObjectNode part = JSON.createObjectNode();
        part.set("metadata", object.path("metadata"));
        return part;
    }

    private void answer(HttpExchange exchange, String path, String query, boolean metadata)
            throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        JsonNode sent = body.length == 0 ? JSON.missingNode() : JSON.readTree(body);
        ObjectNode answer = JSON.createObjectNode();
        int code =
                switch (exchange.getRequestMethod()) {
                    case "GET" -> read(path, query, metadata, answer);
                    case "PATCH" -> patch(path, sent, answer);
                    case "POST" ->
                            create(
                                    path + "/" + sent.path("metadata").path("name").asString(),
                                    sent);
                    case "PUT" -> replace(path, sent, answer);
                    case "DELETE" -> {
                        delete(path);
                        yield 200;
                    }
                    default -> 405;
                };
        answer(exchange, code, answer);
    }

    private synchronized int read(
            String path, String query, boolean metadataOnly, ObjectNode answer) {
        ObjectNode one = objects.get(path);
        if (one != null) {
            answer.setAll(one.deepCopy());
            return 200;
        }
        if (!query.contains("allowWatchBookmarks")) {
            return 404;
        }
        ObjectNode metadata = answer.putObject("metadata");
        metadata.put("resourceVersion", String.valueOf(version));
        Predicate<Event> wanted = selector(path, query);
        List<ObjectNode> all =
                objects.entrySet().stream()
                        .filter(each ->
                                wanted.test(new Event(0, "", each.getValue(), each.getKey())))
                        .map(Map.Entry::getValue)
                        .toList();
        int from = number(query, "continue", 0);
        int to = Math.min(all.size(), from + number(query, "limit", all.size()));
        if (to < all.size()) {
            metadata.put("continue", String.valueOf(to));
        }
        answer.putArray("items");
        all.subList(from, to)
                .forEach(each ->
                        answer.withArray("items")
                                .add(
                                        metadataOnly
                                                ? metadata(each)
                                                : listed.apply(each.deepCopy())));
        return 200;
    }

    private static int number(String query, String parameter, int otherwise) {
        Matcher found = Pattern.compile(parameter + "=([0-9]+)").matcher(query);
        return found.find() ? Integer.parseInt(found.group(1)) : otherwise;
    }

    private static void answer(HttpExchange exchange, int code, JsonNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (body.has("items")) {
            exchange.sendResponseHeaders(code, 0);
            JSON.writeValue(exchange.getResponseBody(), body);
            return;
        }
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
