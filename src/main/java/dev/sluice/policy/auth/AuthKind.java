package dev.sluice.policy.auth;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.auth.authentication.InvalidSection;
import dev.sluice.policy.auth.authentication.SectionFields;
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
import dev.sluice.translate.policy.SpecFormException;
import dev.sluice.translate.policy.SpecJson;
import dev.sluice.translate.status.Result;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decodes AuthPolicies. A rule whose policy has a section that cannot be used answers 500: nobody
/// gets past a broken lock.
public final class AuthKind implements PolicyKind {

    private final boolean redis;

    /// @param redis whether there is one that can keep sessions
    public AuthKind(boolean redis) {
        this.redis = redis;
    }

    private record ClientCertSectionSpec(@Nullable String forward, @Nullable Boolean optional) {}

    private static Result<PolicySection> clientCert(ClientCertSectionSpec written) {
        return Result.of(
                new ClientCert(
                        !"None".equals(written.forward()),
                        Boolean.TRUE.equals(written.optional())));
    }

    private record CsrfSectionSpec(@Nullable List<String> additionalOrigins) {}

    private static Result<PolicySection> csrf(CsrfSectionSpec written) {
        return Result.of(new Csrf(SectionFields.orEmpty(written.additionalOrigins())));
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

    @Override
    public Result<PolicySection> decode(
            String section, Object written, PolicyReferences references) {
        try {
            return switch (section) {
                case "jwt" ->
                        JwtDecoding.decode(
                                SpecJson.read(written, JwtDecoding.JwtSectionSpec.class),
                                references);
                case "opaque" ->
                        OpaqueDecoding.decode(
                                SpecJson.read(written, OpaqueDecoding.OpaqueSectionSpec.class),
                                references);
                case "apiKey" ->
                        ApiKeyDecoding.decode(
                                SpecJson.read(written, ApiKeyDecoding.ApiKeySectionSpec.class),
                                references);
                case "basic" ->
                        BasicDecoding.decode(
                                SpecJson.read(written, BasicDecoding.BasicSectionSpec.class),
                                references);
                case "oidc" ->
                        OidcDecoding.decode(
                                SpecJson.read(written, OidcDecoding.OidcSectionSpec.class),
                                references,
                                redis);
                case "clientCert" ->
                        clientCert(SpecJson.read(written, ClientCertSectionSpec.class));
                case "csrf" -> csrf(SpecJson.read(written, CsrfSectionSpec.class));
                case "authorization" ->
                        AuthorizationDecoding.decode(
                                SpecJson.read(
                                        written,
                                        AuthorizationDecoding.AuthorizationSectionSpec.class));
                default -> Result.no("Invalid", section + ": an AuthPolicy has no such section");
            };
        } catch (InvalidSection e) {
            return Result.no(e.rejection().reason(), e.rejection().message());
        } catch (SpecFormException e) {
            return Result.no("Invalid", section + e.getMessage());
        } catch (IllegalArgumentException e) {
            return Result.no("Invalid", section + ": " + e.getMessage());
        }
    }
}
