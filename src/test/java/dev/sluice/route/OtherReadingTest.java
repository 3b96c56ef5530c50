package dev.sluice.route;

import static dev.sluice.fixture.gateway.RuleBuilder.rule;
import static dev.sluice.route.TestRequest.get;
import static dev.sluice.route.TestRules.exact;
import static dev.sluice.route.TestRules.listener;
import static dev.sluice.route.TestRules.method;
import static dev.sluice.route.TestRules.port;
import static dev.sluice.route.TestRules.prefix;
import static dev.sluice.route.TestRules.regex;
import static dev.sluice.route.TestRules.winner;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.PolicySection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Paths that backends may read as those of rules with other policies.
class OtherReadingTest {

    private static final HttpMatch ADMIN = prefix("/admin");

    private record Restricting(String name) implements PolicySection {}

    private record Reporting() implements PolicySection {
        @Override
        public boolean restricts() {
            return false;
        }
    }

    private static AttachedPolicy policy(Mode mode, String name, PolicySection value) {
        return new AttachedPolicy("AuthPolicy", "jwt", mode, name, "HTTPRoute", value);
    }

    private static AttachedPolicy strict(String name) {
        return policy(Mode.ENFORCE, name, new Restricting(name));
    }

    private static AttachedRule any(int index, HttpMatch match, AttachedPolicy... policies) {
        return rule(index).matches(match).policies(policies).attached(HostPattern.ANY);
    }

    private static RouteTable<String> table(AttachedRule... rules) {
        return RouteTable.compile(port(listener("", rules)), rule -> rule.origin().id());
    }

    private static @Nullable OtherReading other(RouteTable<String> table, RequestView request) {
        return Objects.requireNonNull(table.listener(request.host())).otherReading(request);
    }

    private static @Nullable OtherReading other(RouteTable<String> table, String path) {
        return other(table, get("h", path));
    }

    @ParameterizedTest
    @CsvSource({
        "/admin;x, /admin",
        "/admin;x/users, /admin/users",
        "/;/admin, /admin",
        "/admin%3Bx, /admin",
        "/admin%2Fusers, /admin/users",
        "/admin%5Cusers, /admin/users",
        "/a%2F;x%2F, ",
        "/admin., /admin",
        "/admin./x, /admin/x",
        "/Admin, /admin",
        "/ADMIN/x, /admin/x",
        "/Admin;x, /admin",
        "/adm%C4%B1n, /admin",
        "/admin, ",
        "/admin/users, ",
        "/administrator;x, ",
        "/other%2Fadmin, ",
        "/shop;x/y%2Fz, "
    })
    void pathThatABackendMayReadAsAnotherRules_isFound(String path, @Nullable String read) {
        RouteTable<String> table = table(any(0, prefix("/")), any(1, ADMIN, strict("one")));
        OtherReading other = other(table, path);
        if (read == null) {
            assertThat(other).isNull();
        } else {
            assertThat(other).isNotNull();
            assertThat(other.path()).isEqualTo(read);
            assertThat(Objects.requireNonNull(other.rule()).origin().rule()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin;x", "/admin%2Fx", "/Admin", "/A.;b%3Bc%2Fd"})
    void rulesThatDoNotDiffer_takeEachSpelling(String path) {
        AttachedPolicy same = strict("one");
        AttachedPolicy shadow = policy(Mode.SHADOW, "two", new Restricting("two"));
        AttachedPolicy telemetry = policy(Mode.ENFORCE, "three", new Reporting());
        assertThat(other(table(any(0, prefix("/")), any(1, ADMIN)), path)).isNull();
        assertThat(other(table(any(0, prefix("/"), same), any(1, ADMIN, same)), path)).isNull();
        assertThat(other(table(any(0, prefix("/")), any(1, ADMIN, shadow)), path)).isNull();
        assertThat(other(table(any(0, prefix("/")), any(1, ADMIN, telemetry)), path)).isNull();
    }

    @Test
    void spellingsOfTheRule_count_too() {
        RouteTable<String> table = table(any(0, prefix("/")), any(1, prefix("/API"), strict("a")));
        assertThat(other(table, "/api/x")).isNotNull();
        assertThat(other(table, "/API/x")).isNull();
        assertThat(other(table, "/x")).isNull();
        RouteTable<String> encoded =
                table(any(0, prefix("/")), any(1, exact("/a%2Fb"), strict("a")));
        assertThat(other(encoded, "/a/b")).isNotNull();
        assertThat(other(encoded, "/a%2Fb")).isNull();
        assertThat(other(encoded, "/a/c")).isNull();
    }

    @Test
    void rulesForBothSpellings_areTakenAsWritten() {
        RouteTable<String> table =
                table(
                        any(0, prefix("/")),
                        any(1, prefix("/Admin"), strict("a")),
                        any(2, ADMIN, strict("b")));
        assertThat(other(table, "/admin")).isNull();
        assertThat(other(table, "/Admin")).isNull();
        assertThat(other(table, "/ADMIN")).isNotNull();
    }

    @Test
    void readingWithoutARule_doesNotCount() {
        AttachedRule odd = any(0, prefix("/files;v=1"), strict("a"));
        RouteTable<String> table = table(odd, any(1, ADMIN));
        assertThat(other(table, "/files;v=1/x")).isNull();
        assertThat(other(table, "/nothing;x")).isNull();
    }

    @Test
    void otherConditions_decideAsForThePathAsItStands() {
        RouteTable<String> table =
                table(any(0, prefix("/")), any(1, method("POST", ADMIN), strict("a")));
        assertThat(other(table, "/admin;x")).isNull();
        assertThat(other(table, get("h", "/admin;x").withMethod("POST"))).isNotNull();
    }

    @Test
    void expressions_areReadWithoutCase() {
        RouteTable<String> table =
                table(any(0, prefix("/")), any(1, regex("/v\\d+/Admin.*"), strict("a")));
        assertThat(other(table, "/v1/admin")).isNotNull();
        assertThat(other(table, "/v1/Admin;x")).isNull();
        assertThat(other(table, "/v1/other")).isNull();
    }

    @Test
    void expressionThatTakesTooMuchWork_isNoWayAround() {
        RouteTable<String> table =
                table(any(0, prefix("/")), any(1, regex("/([^;]*a){5}b"), strict("a")));
        RequestView request = get("h", "/;/" + "a".repeat(100));
        assertThat(winner(table, request)).isEqualTo("httproute/test/route/0");
        OtherReading other = other(table, request);
        assertThat(other).isNotNull();
        assertThat(other.rule()).isNull();
    }

    @Test
    void pathWithTooManyReadings_isRefusedWhereRulesDiffer() {
        RouteTable<String> table = table(any(0, prefix("/")), any(1, ADMIN, strict("a")));
        OtherReading other = other(table, "/A.;b%3Bc%2Fd");
        assertThat(other).isNotNull();
        assertThat(other.reason())
                .isEqualTo(
                        "there are too many ways in which a backend may read path"
                                + " '/A.;b%3Bc%2Fd'");
    }

    @Test
    void widerHostname_counts_too() {
        HttpRule open = rule(0).matches(ADMIN).build();
        HttpRule closed = rule(1).matches(prefix("/")).policies(strict("a")).build();
        HttpRule elsewhere = rule(2).matches(prefix("/")).build();
        RouteTable<String> table =
                table(
                        new AttachedRule(List.of(new HostPattern("a.example")), open),
                        new AttachedRule(List.of(new HostPattern("*.example")), closed),
                        new AttachedRule(List.of(new HostPattern("b.org")), elsewhere));
        assertThat(other(table, get("a.example", "/Admin"))).isNotNull();
        assertThat(other(table, get("a.example", "/admin"))).isNull();
        assertThat(other(table, get("b.org", "/Admin"))).isNull();
    }

    @Test
    void externalAuth_isAGuard() {
        HttpFilter auth =
                new HttpFilter.ExternalAuth(
                        "auth", new HttpFilter.AuthProtocol.Http("", List.of(), List.of()), 0);
        AttachedRule guarded = rule(1).matches(ADMIN).filters(auth).attached(HostPattern.ANY);
        assertThat(other(table(any(0, prefix("/")), guarded), "/admin;x")).isNotNull();
    }

    @Test
    void explanation_hasIt() {
        Explanation explanation =
                Explain.explain(
                        get("h", "/admin;x"),
                        table(any(0, prefix("/")), any(1, ADMIN, strict("one"))));
        assertThat(explanation.otherReading()).isNotNull();
        assertThat(explanation.otherReading().reason())
                .isEqualTo(
                        "a backend may read the path as '/admin', which is of"
                                + " httproute/test/route/1 with other policies");
    }
}
