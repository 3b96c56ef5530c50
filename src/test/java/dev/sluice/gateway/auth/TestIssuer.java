package dev.sluice.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// An identity provider that signs for real, and publishes its keys over HTTP.
final class TestIssuer implements AutoCloseable {

    /// Client `gateway`, secret `s3cret`.
    private static final String ASKER = "Basic Z2F0ZXdheTpzM2NyZXQ=";

    private final Map<String, HttpHandler> pages = new ConcurrentHashMap<>();
    private HttpServer server;
    private final int port;
    private final List<JWK> published = new ArrayList<>();
    private final Map<String, KeyPair> edwards = new ConcurrentHashMap<>();
    private final Map<String, String> opaque = new ConcurrentHashMap<>();
    private final AtomicInteger introspections = new AtomicInteger();
    private final AtomicInteger fetches = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile boolean stalls;

    TestIssuer() throws IOException {
        pages.put(
                "/keys",
                exchange -> {
                    fetches.incrementAndGet();
                    answer(exchange, jwks());
                });
        pages.put("/.well-known/openid-configuration", exchange -> answer(exchange, metadata()));
        pages.put(
                "/introspect",
                exchange -> {
                    introspections.incrementAndGet();
                    String form =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    String who = exchange.getRequestHeaders().getFirst("authorization");
                    String token = form.substring(form.indexOf("&token=") + 7);
                    boolean asks =
                            ASKER.equals(who) && form.startsWith("token_type_hint=access_token&");
                    answer(
                            exchange,
                            asks ? opaque.getOrDefault(token, "{\"active\":false}") : "no");
                });
        server = serve(0);
        port = server.getAddress().getPort();
    }

    private HttpServer serve(int at) throws IOException {
        HttpServer next =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
        next.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        pages.forEach(next::createContext);
        next.start();
        return next;
    }

    /// Goes away, until [#start()].
    void stop() {
        server.stop(0);
    }

    /// Is there again, at the same address and with the same keys.
    void start() throws IOException {
        server = serve(port);
    }

    private String metadata() {
        return """
        {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "token_endpoint": "%1$s/token",
         "authorization_endpoint": "%1$s/authorize", "end_session_endpoint": "%1$s/end"}
        """
                .formatted(uri());
    }

    /// Answers at the token endpoint: takes the form, gives JSON; an error of OAuth has status 400.
    /// Where [#status(int)] is another than 200, that is the answer.
    void tokens(UnaryOperator<String> endpoint) {
        HttpHandler page =
                exchange -> {
                    String form =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("content-type", "application/json");
                    String body = status == 200 ? endpoint.apply(form) : "away";
                    answer(exchange, body.startsWith("{\"error\"") ? 400 : status, body);
                };
        pages.put("/token", page);
        server.createContext("/token", page);
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        answer(exchange, status, body);
    }

    private void answer(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        if (stalls) {
            exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
            exchange.getResponseBody().flush();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    String uri() {
        return "http://127.0.0.1:" + port;
    }

    String keysUri() {
        return uri() + "/keys";
    }

    /// What it publishes.
    synchronized String jwks() {
        return new JWKSet(published).toString(true);
    }

    /// Makes a token whose claims are told by introspection.
    void opaque(String token, String claims) {
        opaque.put(token, claims);
    }

    /// How often it was asked about a token.
    int introspections() {
        return introspections.get();
    }

    /// How often its keys were asked for.
    int fetches() {
        return fetches.get();
    }

    /// Whether answers stop in the middle of their bodies from now on. Those that did never end.
    void stalls(boolean now) {
        stalls = now;
    }

    /// Answers with this status from now on.
    void status(int next) {
        status = next;
    }

    synchronized RSAKey rsa(String kid) throws JOSEException {
        RSAKey key = new RSAKeyGenerator(2048).keyID(kid).generate();
        published.add(key.toPublicJWK());
        return key;
    }

    synchronized ECKey ec(String kid, Curve curve) throws JOSEException {
        ECKey key = new ECKeyGenerator(curve).keyID(kid).generate();
        published.add(key.toPublicJWK());
        return key;
    }

    /// A key of Ed25519 or Ed448.
    synchronized OctetKeyPair edwards(String kid, Curve curve) throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(curve.getName()).generateKeyPair();
        byte[] encoded = ((EdECPublicKey) pair.getPublic()).getEncoded();
        int length = curve.equals(Curve.Ed25519) ? 32 : 57;
        byte[] x = Arrays.copyOfRange(encoded, encoded.length - length, encoded.length);
        OctetKeyPair key = new OctetKeyPair.Builder(curve, Base64URL.encode(x)).keyID(kid).build();
        edwards.put(kid, pair);
        published.add(key);
        return key;
    }

    /// Publishes this key and no other.
    synchronized void publishOnly(JWK key) {
        published.clear();
        published.add(key.toPublicJWK());
    }

    /// Claims that are good for five minutes.
    JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(uri())
                .subject("alice")
                .audience("shop")
                .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))));
    }

    String token(JWSAlgorithm algorithm, JWK key) throws Exception {
        return token(algorithm, key, claims().build());
    }

    String token(JWSAlgorithm algorithm, JWK key, JWTClaimsSet claims) throws Exception {
        JWSHeader header = new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build();
        return sign(header, key, claims);
    }

    String sign(JWSHeader header, JWK key, JWTClaimsSet claims) throws Exception {
        if (key instanceof OctetKeyPair) {
            String input = header.toBase64URL() + "." + Base64URL.encode(claims.toString());
            KeyPair pair = Objects.requireNonNull(edwards.get(key.getKeyID()));
            Signature signature = Signature.getInstance("EdDSA");
            signature.initSign(pair.getPrivate());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64URL.encode(signature.sign());
        }
        SignedJWT jwt = new SignedJWT(header, claims);
        JWSSigner signer =
                key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
        jwt.sign(signer);
        return jwt.serialize();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
