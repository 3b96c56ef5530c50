package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.policy.auth.authorization.Authorization;
import dev.sluice.policy.auth.authorization.Authorization.AccessConditions;
import dev.sluice.policy.auth.authorization.Authorization.AccessRule;
import dev.sluice.policy.auth.authorization.Authorization.ClaimCondition;
import dev.sluice.policy.auth.jwt.Jwt;
import dev.sluice.policy.auth.jwt.KeySource;
import dev.sluice.policy.ratelimit.Limit;
import dev.sluice.policy.ratelimit.Limits;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Section `authorization` over sockets.
class AuthorizationTest {

    private static final List<String> ANY = List.of();
    private static TestIssuer issuer;
    private static RSAKey key;

    @BeforeAll
    static void start() throws Exception {
        issuer = new TestIssuer();
        key = issuer.rsa("k");
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    private static String token(String subject, String scope) throws Exception {
        return issuer.token(
                JWSAlgorithm.RS256,
                key,
                issuer.claims()
                        .subject(subject)
                        .claim("scope", scope)
                        .claim("realm", Map.of("roles", List.of("user", "auditor")))
                        .claim("level", 3)
                        .build());
    }

    private static AccessRule allow(String name, AccessConditions accessConditions) {
        return new AccessRule(name, true, accessConditions);
    }

    private static AccessConditions scopes(String... all) {
        return new AccessConditions(ANY, ANY, List.of(), List.of(all), ANY, ANY, ANY, null);
    }

    private static AccessConditions cel(String condition) {
        return new AccessConditions(ANY, ANY, List.of(), ANY, ANY, ANY, ANY, condition);
    }

    private static AuthFixture gateway(AccessRule... rules) throws Exception {
        return gateway(Mode.ENFORCE, false, rules);
    }

    private static AuthFixture gateway(Mode mode, boolean optional, AccessRule... rules)
            throws Exception {
        KeySource keys = new KeySource.Given(issuer.jwks());
        return new AuthFixture(
                AuthFixture.section(
                        "jwt",
                        new Jwt(List.of(AuthFixture.provider(issuer.uri(), keys)), optional)),
                AuthFixture.section(
                        mode, "authorization", new Authorization(List.of(rules), false)));
    }

    private static int status(AuthFixture gateway, String path, String token) throws Exception {
        return gateway.get(path, "authorization", "Bearer " + token).statusCode();
    }

    @Test
    void whatNoRuleTakes_isNotPermitted() throws Exception {
        try (AuthFixture gateway = gateway()) {
            HttpResponse<String> response = gateway.bearer(token("alice", ""));
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).isEqualTo("not permitted\n");
            assertThat(gateway.refused("enforce")).isEqualTo(1);
        }
    }

    @Test
    void firstRuleThatTakesARequest_decides() throws Exception {
        AccessConditions admin =
                new AccessConditions(ANY, List.of("/admin"), List.of(), ANY, ANY, ANY, ANY, null);
        AccessConditions alice =
                new AccessConditions(ANY, ANY, List.of(), ANY, ANY, ANY, List.of("alice"), null);
        try (AuthFixture gateway =
                gateway(new AccessRule("no-admin", false, admin), allow("a", alice))) {
            assertThat(status(gateway, "/a", token("alice", ""))).isEqualTo(200);
            assertThat(status(gateway, "/admin", token("alice", ""))).isEqualTo(403);
            assertThat(status(gateway, "/admin/x", token("alice", ""))).isEqualTo(403);
            assertThat(status(gateway, "/x/../admin", token("alice", ""))).isNotEqualTo(200);
            assertThat(status(gateway, "/a", token("alicent", ""))).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin;x",
                "/;/admin",
                "/;x/admin/y",
                "/admin%2Fx",
                "/admin%5cx",
                "/admin%3bx",
                "/%61dmin;x",
                "//Admin",
                "/ADMIN/x",
                "/admin.",
                "/admin./x",
                "/a%3b/..;admin%2F",
                "/;%2Fadmin",
                "/%C4%B1admin/../admin",
                "/adm%C4%B1n"
            })
    void ruleThatDenies_takesWhatABackendMayReadAsItsPath(String spelling) throws Exception {
        AccessConditions admin =
                new AccessConditions(ANY, List.of("/admin"), List.of(), ANY, ANY, ANY, ANY, null);
        AccessConditions all =
                new AccessConditions(ANY, List.of("/"), List.of(), ANY, ANY, ANY, ANY, null);
        try (AuthFixture gateway =
                gateway(new AccessRule("no-admin", false, admin), allow("all", all))) {
            assertThat(status(gateway, spelling, token("alice", ""))).isIn(400, 403);
            assertThat(status(gateway, "/a;x%2F.Y/administrators", token("alice", "")))
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/Public", "/;/public", "/public;x", "/public%2Fx", "/public."})
    void ruleThatAllows_takesOnlyWhatEachBackendReadsAsItsPath(String spelling) throws Exception {
        AccessConditions open =
                new AccessConditions(ANY, List.of("/public"), List.of(), ANY, ANY, ANY, ANY, null);
        try (AuthFixture gateway = gateway(allow("open", open))) {
            assertThat(status(gateway, spelling, token("alice", ""))).isEqualTo(403);
            assertThat(status(gateway, "/public/A;x%2Fb.", token("alice", ""))).isEqualTo(200);
        }
    }

    @Test
    void missingScope_isTold() throws Exception {
        try (AuthFixture gateway = gateway(allow("w", scopes("read", "write")))) {
            assertThat(status(gateway, "/", token("a", "write read"))).isEqualTo(200);
            HttpResponse<String> response = gateway.bearer(token("a", "read"));
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(AuthFixture.challenge(response))
                    .isEqualTo(
                            "Bearer realm=\"sluice\", error=\"insufficient_scope\","
                                    + " scope=\"read write\"");
        }
    }

    @Test
    void claims_areComparedAlsoInListsAndBelowOthers() throws Exception {
        ClaimCondition role = new ClaimCondition("realm.roles", List.of("admin", "auditor"));
        ClaimCondition level = new ClaimCondition("level", List.of("3"));
        AccessConditions both =
                new AccessConditions(ANY, ANY, List.of(role, level), ANY, ANY, ANY, ANY, null);
        ClaimCondition none = new ClaimCondition("none", ANY);
        AccessConditions absent =
                new AccessConditions(
                        ANY, List.of("/none"), List.of(none), ANY, ANY, ANY, ANY, null);
        try (AuthFixture gateway = gateway(new AccessRule("x", false, absent), allow("r", both))) {
            assertThat(status(gateway, "/none", token("a", ""))).isEqualTo(200);
        }
        ClaimCondition wrong = new ClaimCondition("realm.roles", List.of("admin"));
        AccessConditions only =
                new AccessConditions(ANY, ANY, List.of(wrong), ANY, ANY, ANY, ANY, null);
        try (AuthFixture gateway = gateway(allow("r", only))) {
            assertThat(status(gateway, "/", token("a", ""))).isEqualTo(403);
        }
    }

    @Test
    void methodsAndAddresses_areHeld() throws Exception {
        AccessConditions local =
                new AccessConditions(
                        List.of("GET"),
                        ANY,
                        List.of(),
                        ANY,
                        ANY,
                        List.of("127.0.0.0/8"),
                        ANY,
                        null);
        AccessConditions far =
                new AccessConditions(
                        ANY,
                        List.of("/far"),
                        List.of(),
                        ANY,
                        ANY,
                        List.of("10.0.0.0/8"),
                        ANY,
                        null);
        try (AuthFixture gateway = gateway(new AccessRule("far", false, far), allow("l", local))) {
            assertThat(status(gateway, "/far", token("a", ""))).isEqualTo(200);
        }
        AccessConditions post =
                new AccessConditions(List.of("POST"), ANY, List.of(), ANY, ANY, ANY, ANY, null);
        try (AuthFixture gateway = gateway(allow("p", post))) {
            assertThat(status(gateway, "/", token("a", ""))).isEqualTo(403);
        }
    }

    @Test
    void cel_seesRequestClientAndIdentity() throws Exception {
        String condition =
                "request.method == 'GET' && request.path.startsWith('/team/')"
                        + " && request.headers['x-team'] == 'red' && client.address == '127.0.0.1'"
                        + " && identity.name == 'alice' && 'auditor' in identity.claims.realm.roles"
                        + " && identity.claims.level > 2 && 'read' in identity.scopes";
        try (AuthFixture gateway = gateway(allow("c", cel(condition)))) {
            String[] fields = {
                "authorization", "Bearer " + token("alice", "read"), "X-Team", "red"
            };
            assertThat(gateway.get("/team/1", fields).statusCode()).isEqualTo(200);
            assertThat(gateway.get("/teams", fields).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void celWithoutResult_opensNothing() throws Exception {
        String missing = "identity.claims.nothing == 'x'";
        try (AuthFixture gateway = gateway(allow("c", cel(missing)))) {
            assertThat(status(gateway, "/", token("a", ""))).isEqualTo(403);
        }
        AccessConditions always = scopes();
        try (AuthFixture gateway =
                gateway(new AccessRule("d", false, cel(missing)), allow("all", always))) {
            assertThat(status(gateway, "/", token("a", ""))).isEqualTo(403);
        }
    }

    /// A denying rule must not be passed by a further value, whichever of them the backend reads.
    @Test
    void fieldWithSeveralValues_hasNoResult_andItsListHas() throws Exception {
        AccessRule deny = new AccessRule("d", false, cel("request.headers['x-role'] == 'admin'"));
        try (AuthFixture gateway = gateway(deny, allow("all", scopes()))) {
            assertThat(roles(gateway, "user")).isEqualTo(200);
            assertThat(roles(gateway, "admin")).isEqualTo(403);
            assertThat(roles(gateway, "user", "admin")).isEqualTo(403);
        }
        AccessRule named =
                allow("n", cel("'x-role' in request.headers && request.method == 'GET'"));
        try (AuthFixture gateway = gateway(named)) {
            assertThat(roles(gateway)).isEqualTo(403);
            assertThat(roles(gateway, "user", "admin")).isEqualTo(200);
        }
        AccessRule any = allow("a", cel("request.headerValues['x-role'].exists(v, v == 'user')"));
        try (AuthFixture gateway = gateway(any)) {
            assertThat(roles(gateway, "admin")).isEqualTo(403);
            assertThat(roles(gateway, "admin", "user")).isEqualTo(200);
        }
        AccessRule field = allow("f", cel("request.headers['x-role'] != 'admin'"));
        try (AuthFixture gateway = gateway(field)) {
            assertThat(roles(gateway, "user")).isEqualTo(200);
            assertThat(roles(gateway, "user", "admin")).isEqualTo(403);
        }
    }

    private static int roles(AuthFixture gateway, String... roles) throws Exception {
        List<String> fields = new ArrayList<>();
        fields.add("Authorization");
        fields.add("Bearer " + token("a", ""));
        for (String role : roles) {
            fields.add("X-Role");
            fields.add(role);
        }
        return gateway.get("/", fields.toArray(String[]::new)).statusCode();
    }

    @Test
    void whoIsNobodyYet_isAskedWhoThatIs() throws Exception {
        AccessConditions open =
                new AccessConditions(ANY, List.of("/open"), List.of(), ANY, ANY, ANY, ANY, null);
        try (AuthFixture gateway =
                gateway(Mode.ENFORCE, true, allow("o", open), allow("r", scopes("read")))) {
            assertThat(gateway.get("/open").statusCode()).isEqualTo(200);
            HttpResponse<String> response = gateway.get("/closed");
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(AuthFixture.challenge(response)).isEqualTo("Bearer realm=\"sluice\"");
            assertThat(status(gateway, "/closed", token("a", "read"))).isEqualTo(200);
        }
    }

    @Test
    void withoutAuthentication_itGoesByTheRequest() throws Exception {
        AccessConditions local =
                new AccessConditions(
                        ANY, ANY, List.of(), ANY, ANY, List.of("192.0.2.0/24"), ANY, null);
        Authorization section = new Authorization(List.of(allow("l", local)), false);
        try (AuthFixture gateway = new AuthFixture(AuthFixture.section("authorization", section))) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void shadow_countsAndLetsPass() throws Exception {
        try (AuthFixture gateway = gateway(Mode.SHADOW, false)) {
            assertThat(status(gateway, "/", token("a", ""))).isEqualTo(200);
            assertThat(gateway.refused("shadow")).isEqualTo(1);
        }
    }

    @Test
    void rateLimit_countsByClaim() throws Exception {
        KeySource keys = new KeySource.Given(issuer.jwks());
        Limit one =
                new Limit(
                        "user",
                        List.of(new Limit.KeyPart.Claim("sub")),
                        Limit.When.ALWAYS,
                        new Limit.Rate(1, Duration.ofHours(1), 1));
        try (AuthFixture gateway =
                new AuthFixture(
                        AuthFixture.jwt(AuthFixture.provider(issuer.uri(), keys)),
                        new AttachedPolicy(
                                "RateLimitPolicy",
                                "limits",
                                Mode.ENFORCE,
                                "test/limits",
                                "HTTPRoute test/r",
                                new Limits(List.of(one))))) {
            assertThat(status(gateway, "/", token("alice", "a"))).isEqualTo(200);
            assertThat(status(gateway, "/", token("bob", ""))).isEqualTo(200);
            assertThat(status(gateway, "/", token("alice", "b"))).isEqualTo(429);
        }
    }
}
