package dev.sluice.policy.auth;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.SpecReader;
import dev.sluice.policy.auth.authorization.AuthorizationDecoding;
import dev.sluice.policy.auth.credential.ApiKeyDecoding;
import dev.sluice.policy.auth.credential.BasicDecoding;
import dev.sluice.policy.auth.credential.ClientCert;
import dev.sluice.policy.auth.csrf.Csrf;
import dev.sluice.policy.auth.introspection.OpaqueDecoding;
import dev.sluice.policy.auth.jwt.JwtDecoding;
import dev.sluice.policy.auth.oidc.OidcDecoding;
import dev.sluice.resource.AuthPolicy;
import dev.sluice.resource.Policy;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Decodes AuthPolicies. A rule whose policy has a section that cannot be used answers 500: nobody
/// gets past a broken lock.
public final class AuthKind implements PolicyKind {

    /// Sections that find out who sent a request, in the order in which they are asked: what a
    /// client sends with a request says more than what its connection has.
    static final List<String> IDENTIFYING =
            List.of("jwt", "opaque", "apiKey", "basic", "clientCert", "oidc");

    /// Says how many of these a request needs.
    static final String REQUIRE = "require";

    /// How each section is read.
    private final Map<String, Function<SpecReader, PolicySection>> sections;

    /// @param redis whether there is one that can keep sessions
    public AuthKind(boolean redis) {
        this.sections =
                Map.of(
                        "jwt", JwtDecoding::read,
                        "opaque", OpaqueDecoding::read,
                        "apiKey", ApiKeyDecoding::read,
                        "basic", BasicDecoding::read,
                        "oidc", in -> OidcDecoding.read(in, redis),
                        "clientCert", AuthKind::clientCert,
                        "require", AuthKind::require,
                        "csrf", AuthKind::csrf,
                        "authorization", AuthorizationDecoding::read);
    }

    /// Those that it reads.
    Set<String> sections() {
        return sections.keySet();
    }

    /// Whether a section is one of those by which a client is identified.
    static boolean isOfAuthentication(String section) {
        return section.equals(REQUIRE) || IDENTIFYING.contains(section);
    }

    private static Require require(SpecReader in) {
        return switch (in.read(String.class)) {
            case "Any" -> new Require(false);
            case "All" -> new Require(true);
            case String other -> throw in.error("\"" + other + "\" is neither Any nor All");
        };
    }

    private record ClientCertSectionSpec(@Nullable String forward, @Nullable Boolean optional) {}

    private static ClientCert clientCert(SpecReader in) {
        ClientCertSectionSpec written = in.read(ClientCertSectionSpec.class);
        return new ClientCert(
                !"None".equals(written.forward()), Boolean.TRUE.equals(written.optional()));
    }

    private record CsrfSectionSpec(@Nullable List<String> additionalOrigins) {}

    private static Csrf csrf(SpecReader in) {
        CsrfSectionSpec written = in.read(CsrfSectionSpec.class);
        return new Csrf(SpecReader.orEmpty(written.additionalOrigins()));
    }

    @Override
    public Class<? extends Policy> type() {
        return AuthPolicy.class;
    }

    @Override
    public Set<String> targets() {
        return Set.of("Gateway", "ListenerSet", "HTTPRoute", "GRPCRoute");
    }

    @Override
    public boolean failsClosed() {
        return true;
    }

    /// Who may be identified is decided in one place: a section that is added below would let
    /// requests pass without what is asked for above.
    @Override
    public String group(String section) {
        return isOfAuthentication(section) ? "authentication" : section;
    }

    @Override
    public boolean isCombiner(String section) {
        return section.equals(REQUIRE);
    }

    @Override
    public Result<PolicySection> decode(
            String section, Object written, PolicyReferences references) {
        Function<SpecReader, PolicySection> read = sections.get(section);
        return read == null
                ? Result.no("Invalid", section + ": an AuthPolicy has no such section")
                : SpecReader.decode(section, written, references, read);
    }
}
