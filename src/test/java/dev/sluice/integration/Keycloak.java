package dev.sluice.integration;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A running Keycloak with one realm.
final class Keycloak implements AutoCloseable {

    static final String SHOP = "shop";
    static final Path SHOP_REALM = Path.of("src/test/resources/integration/shop-realm.json");

    /// Where a realm tells what it is, below its issuer.
    static final String METADATA = "/.well-known/openid-configuration";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String base;
    private final String realm;
    private final Runnable stop;

    /// @param base URL of a Keycloak that runs, with an administrator `admin` whose password is
    ///   `admin-password`
    /// @param realm its name
    /// @param stop ends it
    Keycloak(String base, String realm, Runnable stop) {
        this.base = base;
        this.realm = realm;
        this.stop = stop;
    }

    /// A process with realm `shop`.
    ///
    /// @param home where its distribution is
    static Keycloak started(Path home) throws Exception {
        return started(home, SHOP, Files.readString(SHOP_REALM));
    }

    /// A process with another realm.
    ///
    /// @param home where its distribution is
    /// @param realm its name
    /// @param text JSON of the realm
    static Keycloak started(Path home, String realm, String text) throws Exception {
        KeycloakProcess process = new KeycloakProcess(home, realm, text);
        Keycloak keycloak = new Keycloak(process.base(), realm, process::close);
        process.await(URI.create(keycloak.issuer() + METADATA));
        return keycloak;
    }

    String issuer() {
        return base + "/realms/" + realm;
    }

    /// Tokens of the realm.
    ///
    /// @param form further parameters, names and values in turn
    JsonNode tokens(String... form) throws Exception {
        List<String> all = new ArrayList<>(List.of(form));
        all.addAll(List.of("client_id", "machine", "client_secret", "machine-secret"));
        return post(issuer() + "/protocol/openid-connect/token", all);
    }

    /// Takes a token back (RFC 7009).
    void revoke(String token) throws Exception {
        post(
                issuer() + "/protocol/openid-connect/revoke",
                List.of("token", token, "client_id", "machine", "client_secret", "machine-secret"));
    }

    /// Signs with a new key from now on; the old one stays published.
    void rotate() throws Exception {
        String admin = admin();
        String realms = base + "/admin/realms/" + realm;
        String id = get(realms, admin).path("id").asString();
        String component =
                """
                {"name": "rotated-%d", "providerId": "rsa-generated", "parentId": "%s",
                 "providerType": "org.keycloak.keys.KeyProvider",
                 "config": {"priority": ["%d"], "enabled": ["true"], "active": ["true"],
                            "algorithm": ["RS256"], "keySize": ["2048"]}}
                """
                        .formatted(
                                System.nanoTime(),
                                id,
                                1000 + System.currentTimeMillis() % 100_000_000);
        authorized(
                HttpRequest.newBuilder(URI.create(realms + "/components"))
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(component)),
                admin);
    }

    /// Has it tell a client of each session that ends (OpenID Connect Back-Channel Logout 1.0,
    /// 2.2).
    void tellLogouts(String client, String uri) throws Exception {
        String admin = admin();
        String clients = base + "/admin/realms/" + realm + "/clients";
        String id = get(clients + "?clientId=" + client, admin).path(0).path("id").asString();
        String change =
                """
                {"clientId": "%s", "attributes": {"backchannel.logout.url": "%s",
                 "backchannel.logout.session.required": "true"}}
                """
                        .formatted(client, uri);
        authorized(
                HttpRequest.newBuilder(URI.create(clients + "/" + id))
                        .header("content-type", "application/json")
                        .PUT(BodyPublishers.ofString(change)),
                admin);
    }

    /// Ends the sessions of a user, as an administrator does, one by one.
    ///
    /// @return how many there were
    int logout(String user) throws Exception {
        String admin = admin();
        String all = base + "/admin/realms/" + realm;
        String id = get(all + "/users?username=" + user, admin).path(0).path("id").asString();
        JsonNode sessions = get(all + "/users/" + id + "/sessions", admin);
        for (JsonNode session : sessions) {
            URI uri = URI.create(all + "/sessions/" + session.path("id").asString());
            authorized(HttpRequest.newBuilder(uri).DELETE(), admin);
        }
        return sessions.size();
    }

    /// A token of the administrator.
    private String admin() throws Exception {
        return post(
                        base + "/realms/master/protocol/openid-connect/token",
                        List.of(
                                "grant_type", "password",
                                "client_id", "admin-cli",
                                "username", "admin",
                                "password", "admin-password"))
                .path("access_token")
                .asString();
    }

    private JsonNode get(String uri, String token) throws Exception {
        return JSON.readTree(authorized(HttpRequest.newBuilder(URI.create(uri)), token));
    }

    private String authorized(HttpRequest.Builder request, String token) throws Exception {
        HttpResponse<String> response =
                client.send(
                        request.header("authorization", "Bearer " + token).build(),
                        BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException(response + ": " + response.body());
        }
        return response.body();
    }

    private JsonNode post(String uri, List<String> form) throws Exception {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < form.size(); i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(form.get(i))
                    .append('=')
                    .append(URLEncoder.encode(form.get(i + 1), StandardCharsets.UTF_8));
        }
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(URI.create(uri))
                                .header("content-type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(body.toString()))
                                .build(),
                        BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response + ": " + response.body());
        }
        return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
    }

    @Override
    public void close() {
        stop.run();
        client.close();
    }
}
