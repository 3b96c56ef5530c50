package dev.sluice.policy.auth.provider;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Talks to identity providers; blocks, so it is for virtual threads. TLS trusts what the JVM
/// trusts.
public final class ProviderClient {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /// From the request to the last byte of its answer.
    public static final Duration WHOLE = Duration.ofSeconds(5);

    private static final int MOST_BYTES = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final TypeReference<Map<String, Object>> CLAIMS = new TypeReference<>() {};

    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    /// For Spring's clients of the same providers.
    public HttpClient client() {
        return client;
    }

    /// The document at an address.
    public String get(String uri) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(uri)).header("accept", "application/json"));
    }

    /// The keys of an issuer, by way of its metadata.
    public String discovered(String issuer) throws IOException, InterruptedException {
        return get(metadata(issuer).path("jwks_uri").asString(""));
    }

    /// An issuer's metadata (OpenID Connect Discovery 1.0).
    public JsonNode metadata(String issuer) throws IOException, InterruptedException {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        JsonNode metadata = json(get(base + "/.well-known/openid-configuration"));
        String named = metadata.path("issuer").asString("");
        if (!named.equals(issuer)) {
            throw new IOException("its metadata is that of issuer " + named); // OIDC Discovery 4.3
        }
        return metadata;
    }

    /// What an issuer says of a token (RFC 7662).
    ///
    /// @param uri of the issuer's introspection
    /// @param id of the client that asks
    /// @param secret of the client that asks
    /// @return empty when the token is not active
    public Map<String, Object> introspect(String uri, String id, String secret, String token)
            throws IOException, InterruptedException {
        String pair = encoded(id) + ":" + encoded(secret); // RFC 6749 2.3.1
        JsonNode answer =
                json(
                        send(
                                HttpRequest.newBuilder(URI.create(uri))
                                        .header("accept", "application/json")
                                        .header("content-type", "application/x-www-form-urlencoded")
                                        .header(
                                                "authorization",
                                                "Basic "
                                                        + Base64.getEncoder()
                                                                .encodeToString(
                                                                        pair.getBytes(
                                                                                StandardCharsets
                                                                                        .UTF_8)))
                                        .POST(
                                                BodyPublishers.ofString(
                                                        "token_type_hint=access_token&token="
                                                                + encoded(token)))));
        return answer.path("active").asBoolean(false)
                ? JSON.convertValue(answer, CLAIMS)
                : Map.of();
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// Sends a request and reads a whole answer of status 200.
    String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = whole(request.build());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /// Waits for the whole answer, its body included: a request's own time limit ends with the
    /// head. What has not come by then is cancelled, which closes its connection.
    private HttpResponse<byte[]> whole(HttpRequest request)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> response =
                client.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return response.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException(
                    "no whole answer within " + WHOLE.toSeconds() + " seconds");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    static JsonNode json(String text) throws IOException {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IOException("not JSON");
        }
    }
}
