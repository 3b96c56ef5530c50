package dev.sluice.policy.ratelimit;

import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Policy;
import dev.sluice.resource.RateLimitPolicy;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.policy.SpecFormException;
import dev.sluice.translate.policy.SpecJson;
import dev.sluice.translate.status.Result;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decodes RateLimitPolicies. A section that cannot be used has no effect: traffic is let through.
public final class RateLimitKind implements PolicyKind {

    private static final Duration MOST = Duration.ofSeconds(1);

    @Override
    public Class<? extends Policy> type() {
        return RateLimitPolicy.class;
    }

    @Override
    public Set<String> targets() {
        return Set.of("Gateway", "ListenerSet", "HTTPRoute", "GRPCRoute");
    }

    @Override
    public boolean failsClosed() {
        return false;
    }

    // As written; the schema of the CRD has checked it in a cluster and in files.

    private record RefusalSpec(
            @Nullable Integer status, @Nullable String headers, @Nullable Boolean retryAfter) {}

    private record GlobalSpec(@Nullable String timeout, @Nullable String onFailure) {}

    @Override
    public Result<PolicySection> decode(
            String section, Object written, PolicyReferences references) {
        try {
            return switch (section) {
                case "limits" ->
                        Result.of(
                                LimitDecoding.decode(
                                        SpecJson.read(written, LimitDecoding.LimitSpec[].class)));
                case "global" -> Result.of(global(SpecJson.read(written, GlobalSpec.class)));
                case "response" -> response(SpecJson.read(written, RefusalSpec.class));
                default ->
                        Result.no("Invalid", section + ": a RateLimitPolicy has no such section");
            };
        } catch (InvalidField e) {
            return Result.no("Invalid", e.getMessage());
        } catch (SpecFormException e) {
            return Result.no("Invalid", section + e.getMessage());
        } catch (IllegalArgumentException e) {
            return Result.no("Invalid", section + ": " + e.getMessage());
        }
    }

    private static Global global(GlobalSpec written) {
        Global defaults = Global.DEFAULT;
        Duration timeout =
                written.timeout() == null
                        ? defaults.timeout()
                        : LimitDecoding.duration(written.timeout(), "global.timeout");
        if (timeout.compareTo(MOST) > 0) {
            throw new InvalidField("global.timeout", "\"" + written.timeout() + "\" is over 1s");
        }
        return new Global(
                timeout,
                switch (written.onFailure()) {
                    case "LocalFallback" -> Global.OnFailure.LOCAL_FALLBACK;
                    case "Allow" -> Global.OnFailure.ALLOW;
                    case "Deny" -> Global.OnFailure.DENY;
                    case null -> defaults.onFailure();
                    default ->
                            throw new InvalidField(
                                    "global.onFailure",
                                    "\""
                                            + written.onFailure()
                                            + "\" is not LocalFallback, Allow or Deny");
                });
    }

    private static Result<PolicySection> response(RefusalSpec written) {
        Refusal defaults = Refusal.DEFAULT;
        return Result.of(
                new Refusal(
                        written.status() == null ? defaults.status() : written.status(),
                        written.headers() == null
                                ? defaults.headers()
                                : Refusal.HeaderStyle.valueOf(
                                        written.headers().toUpperCase(Locale.ROOT)),
                        written.retryAfter() == null
                                ? defaults.retryAfter()
                                : written.retryAfter()));
    }
}
