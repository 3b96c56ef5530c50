package dev.sluice.engine;

import dev.sluice.http.Authority;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ServerStream;
import dev.sluice.observe.RequestSpan;
import dev.sluice.path.FoldedPath;
import dev.sluice.route.RequestView;
import dev.sluice.upstream.balance.HashInput;
import dev.sluice.upstream.pool.EndpointPool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of an [Exchange]: the route table, stages and observers ask for it. It is the
/// exchange's superclass and not a part of it, so that each request is one object.
abstract class RequestInfo implements RequestView, HashInput {

    private final int port;
    private final ServerStream client;
    private final String host;
    private String target;
    private final long started = System.nanoTime();
    private RequestHead request;
    private String path = "/";
    private @Nullable FoldedPath foldedPath;
    private String clientHost = "";
    private @Nullable EndpointPool endpoint;
    private @Nullable Failure failure;
    private @Nullable RequestSpan span;
    private @Nullable Identity identity;
    private int tries;
    private long requestBytes;
    private long responseBytes;
    private @Nullable Map<Object, Object> notes;

    RequestInfo(int port, ServerStream client, RequestHead request) {
        this.port = port;
        this.client = client;
        this.request = request;
        this.target = request.target();
        this.host = Authority.host(request.authority());
    }

    /// The request's head, which stages may change.
    public RequestHead request() {
        return request;
    }

    /// Replaces the head.
    public void request(RequestHead head) {
        request = head;
    }

    /// The client's side.
    public ServerStream client() {
        return client;
    }

    /// The client's address without port: the peer's, or what trusted proxies say.
    @Override
    public String clientHost() {
        return clientHost;
    }

    void clientHost(String address) {
        clientHost = address;
    }

    /// `http` or `https`, as the client sees it: by the connection, or as a trusted proxy reports.
    public String clientScheme() {
        return ForwardedFields.scheme(request, client.connection());
    }

    /// The port that the client used: by the listener, or as a trusted proxy reports; where that
    /// tells only the scheme, the scheme's own.
    public int clientPort() {
        return ForwardedFields.port(request, client.connection(), port);
    }

    /// The target as the client sent it, whatever filters made of it.
    public String target() {
        return target;
    }

    /// Replaces what observers see of the target, where the client's holds a secret.
    public void target(String shown) {
        target = shown;
    }

    /// Who sent it, null when that is not known.
    public @Nullable Identity identity() {
        return identity;
    }

    /// Tells who sent it.
    public void identity(Identity found) {
        identity = found;
    }

    /// The endpoint that was tried last; null when none was.
    public @Nullable EndpointPool endpoint() {
        return endpoint;
    }

    /// An endpoint is tried.
    public void tried(EndpointPool next) {
        endpoint = next;
        tries++;
    }

    /// How often a connection to an endpoint was asked for.
    public int tries() {
        return tries;
    }

    /// Why there was no answer from a backend, or not a whole one; null when there was.
    public @Nullable Failure failure() {
        return failure;
    }

    void failed(Failure cause) {
        failure = cause;
    }

    /// The span of the request, null when it has none.
    public @Nullable RequestSpan span() {
        return span;
    }

    public void span(RequestSpan begun) {
        span = begun;
    }

    /// The port as the client knows it.
    public int port() {
        return port;
    }

    /// Keeps a value for the stage that made it until the response passes that stage.
    public void note(Object stage, Object value) {
        if (notes == null) {
            notes = new HashMap<>(4);
        }
        notes.put(stage, value);
    }

    /// What the stage has kept, null for nothing.
    public @Nullable Object note(Object stage) {
        return notes == null ? null : notes.get(stage);
    }

    /// Nanoseconds since the head of the request, as of [System#nanoTime()].
    public long elapsed() {
        return System.nanoTime() - started;
    }

    /// Bytes of the request's body so far.
    public long requestBytes() {
        return requestBytes;
    }

    void received(int bytes) {
        requestBytes += bytes;
    }

    /// Bytes of the response's body so far.
    public long responseBytes() {
        return responseBytes;
    }

    void sent(int bytes) {
        responseBytes += bytes;
    }

    // What the route table asks.

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public String path() {
        return path;
    }

    void path(String normalized) {
        path = normalized;
    }

    /// The path as the backends read it that take most away.
    public FoldedPath foldedPath() {
        FoldedPath known = foldedPath;
        if (known == null) {
            known = FoldedPath.of(path);
            foldedPath = known;
        }
        return known;
    }

    @Override
    public String query() {
        return request.query();
    }

    @Override
    public @Nullable String header(String name) {
        List<String> values = request.headers().getAll(name);
        return switch (values.size()) {
            case 0 -> null;
            case 1 -> values.get(0);
            default -> String.join(",", values);
        };
    }

    // What consistent hashing asks besides.

    @Override
    public @Nullable String cookie(String name) {
        return request.cookie(name);
    }
}
