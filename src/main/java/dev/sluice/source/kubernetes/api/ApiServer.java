package dev.sluice.source.kubernetes.api;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// The API server as JSON over HTTP, with the client's address, credentials and TLS. Objects go
/// straight into our records, so none of the client's models are built.
public final class ApiServer {

    public static final int OK = 200;
    public static final int FORBIDDEN = 403;
    public static final int NOT_FOUND = 404;
    public static final int CONFLICT = 409;
    public static final int GONE = 410;

    public static final String JSON_TYPE = "application/json";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// For a part of what a parser is at.
    private static final ObjectReader PARTS =
            JSON.readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LONGEST_REASON = 16 * 1024;

    /// Most kinds get a bookmark each minute, and those without any change since the API server's
    /// start get none.
    private static final Duration QUIET = Duration.ofSeconds(90);

    private final HttpClient http;
    private final String base;
    private final Duration timeout;
    private final Duration quiet;

    public ApiServer(KubernetesClient client) {
        this(client, TIMEOUT);
    }

    /// @param timeout longest wait for an answer
    public ApiServer(KubernetesClient client, Duration timeout) {
        this(client, timeout, QUIET);
    }

    /// @param timeout longest wait for an answer
    /// @param quiet longest time without an event, after which a watch ends
    public ApiServer(KubernetesClient client, Duration timeout, Duration quiet) {
        this.timeout = timeout;
        this.quiet = quiet;
        this.http = client.getHttpClient();
        String url = client.getMasterUrl().toString();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /// An answer.
    ///
    /// @param body JSON, or null when it was none
    public record ApiResponse(int code, @Nullable JsonNode body) {

        public boolean isSuccess() {
            return code >= 200 && code < 300;
        }

        /// The body of a successful answer.
        ///
        /// @throws Refused when it was another
        public JsonNode orThrow(String what) throws ApiServerError {
            if (!isSuccess() || body == null) {
                String reason = body == null ? "" : ": " + body.path("message").asString("");
                throw new ApiServerError(code, what + ": " + code + reason);
            }
            return body;
        }
    }

    /// An answer that is no success.
    public static final class ApiServerError extends IOException {
        private static final long serialVersionUID = 1;

        private final int code;

        public ApiServerError(int code, String message) {
            super(message);
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    public ApiResponse get(String path) throws IOException {
        return get(path, JSON_TYPE);
    }

    /// @param accept the form of the answer
    ApiResponse get(String path, String accept) throws IOException {
        return send(
                http.newHttpRequestBuilder()
                        .uri(base + path)
                        .header("Accept", accept)
                        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .build());
    }

    /// What a part of a list says of the whole.
    ///
    /// @param version the resourceVersion of the list
    /// @param next where the next part begins, empty for the last one
    /// @param items how many objects it had
    /// @param bytes that came for them
    public record Page(String version, String next, int items, long bytes) {}

    /// Reads a part of a list as a stream: one object at a time is in memory.
    ///
    /// @param accept the form of the answer
    /// @param what is listed, for messages
    /// @param items notified of each object
    public Page list(String path, String accept, String what, Consumer<JsonNode> items)
            throws IOException {
        HttpRequest request =
                http.newHttpRequestBuilder()
                        .uri(base + path)
                        .header("Accept", accept)
                        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .build();
        HttpResponse<InputStream> response =
                await(http.sendAsync(request, InputStream.class), timeout);
        CompletableFuture<Void> end = new CompletableFuture<>();
        try (InputStream body = response.body()) {
            var _ =
                    end.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                            .whenComplete((_, late) -> close(body, late));
            if (!response.isSuccessful()) {
                byte[] reason = body.readNBytes(LONGEST_REASON);
                JsonNode told = new ApiResponse(response.code(), parse(reason)).orThrow(what);
                throw new IOException(what + ": " + told);
            }
            return page(body, items);
        } catch (tools.jackson.core.JacksonException e) {
            throw new IOException(what + ": " + e.getOriginalMessage(), e);
        } finally {
            end.complete(null);
        }
    }

    /// An answer that does not come to its end is given up.
    private static void close(InputStream body, @Nullable Throwable late) {
        if (late != null) {
            try {
                body.close();
            } catch (IOException e) {
                // It is given up anyway.
            }
        }
    }

    private static Page page(InputStream body, Consumer<JsonNode> items) {
        String version = "";
        String next = "";
        int count = 0;
        try (JsonParser parser = JSON.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        items.accept(PARTS.readValue(parser));
                        count++;
                    }
                } else if (field.equals("metadata")) {
                    JsonNode metadata = PARTS.readValue(parser);
                    version = metadata.path("resourceVersion").asString("");
                    next = metadata.path("continue").asString("");
                } else {
                    parser.skipChildren();
                }
            }
            return new Page(version, next, count, parser.currentLocation().getByteOffset());
        }
    }

    /// @param method such as `PATCH`
    /// @param type content type of the body
    public ApiResponse send(String method, String path, String type, @Nullable JsonNode body)
            throws IOException {
        return send(
                http.newHttpRequestBuilder()
                        .uri(base + path)
                        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .method(method, type, body == null ? "" : JSON.writeValueAsString(body))
                        .build());
    }

    private ApiResponse send(HttpRequest request) throws IOException {
        HttpResponse<byte[]> response = await(http.sendAsync(request, byte[].class), timeout);
        byte[] body = response.body();
        return new ApiResponse(
                response.code(), body == null || body.length == 0 ? null : parse(body));
    }

    private static @Nullable JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (tools.jackson.core.JacksonException e) {
            return null; // a proxy's page
        }
    }

    private static <T> T await(CompletableFuture<T> future, Duration longest) throws IOException {
        try {
            return future.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        }
    }

    /// Reads a watch until it ends, or is quiet: whether the connection still leads anywhere is
    /// found out by the next one.
    ///
    /// @param accept the form of the objects
    /// @param opened called when the watch is there
    /// @param events notified of each event, one after the other
    /// @return the status code of the answer
    public int watch(String path, String accept, Runnable opened, Consumer<JsonNode> events)
            throws IOException {
        Lines lines = new Lines(line -> events.accept(JSON.readTree(line)));
        HttpRequest request =
                http.newHttpRequestBuilder()
                        .uri(base + path)
                        .header("Accept", accept)
                        .forStreaming()
                        .build();
        HttpResponse<AsyncBody> response =
                await(
                        http.consumeBytes(
                                request,
                                (buffers, body) -> {
                                    lines.add(buffers);
                                    body.consume();
                                }),
                        timeout);
        AsyncBody body = response.body();
        try {
            if (response.code() == OK) {
                opened.run();
            }
            body.consume();
            while (!body.done().isDone()) {
                long left = quiet.toNanos() - (System.nanoTime() - lines.last);
                if (left <= 0) {
                    return response.code();
                }
                awaitEnd(body, left);
            }
            await(body.done(), Duration.ZERO);
        } finally {
            body.cancel();
        }
        return response.code();
    }

    private static void awaitEnd(AsyncBody body, long nanos) throws IOException {
        try {
            body.done().get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The caller looks what happened.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Puts lines together from the pieces in which they come.
    private static final class Lines {
        private final Consumer<byte[]> sink;
        private byte[] pending = new byte[8192];
        private int length;
        private volatile long last = System.nanoTime();

        Lines(Consumer<byte[]> sink) {
            this.sink = sink;
        }

        void add(List<ByteBuffer> buffers) {
            last = System.nanoTime();
            for (ByteBuffer buffer : buffers) {
                while (buffer.hasRemaining()) {
                    byte next = buffer.get();
                    if (next == '\n') {
                        if (length > 0) {
                            sink.accept(java.util.Arrays.copyOf(pending, length));
                        }
                        length = 0;
                    } else {
                        if (length == pending.length) {
                            pending = java.util.Arrays.copyOf(pending, length * 2);
                        }
                        pending[length++] = next;
                    }
                }
            }
        }
    }
}
