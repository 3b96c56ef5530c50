package dev.sluice.policy.ratelimit;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.SpecReader;
import dev.sluice.resource.Policy;
import dev.sluice.resource.RateLimitPolicy;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Decodes RateLimitPolicies. A section that cannot be used has no effect: traffic is let through.
public final class RateLimitKind implements PolicyKind {

    private static final Duration MOST = Duration.ofSeconds(1);

    /// How each section is read.
    private static final Map<String, Function<SpecReader, PolicySection>> SECTIONS =
            Map.of(
                    "limits", LimitDecoding::read,
                    "global", RateLimitKind::global,
                    "response", RateLimitKind::response);

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
        Function<SpecReader, PolicySection> read = SECTIONS.get(section);
        return read == null
                ? Result.no("Invalid", section + ": a RateLimitPolicy has no such section")
                : SpecReader.decode(section, written, references, read);
    }

    private static Global global(SpecReader in) {
        GlobalSpec written = in.read(GlobalSpec.class);
        Global defaults = Global.DEFAULT;
        Duration timeout =
                written.timeout() == null
                        ? defaults.timeout()
                        : in.at("timeout").positive(written.timeout());
        if (timeout.compareTo(MOST) > 0) {
            throw in.at("timeout").error("\"" + written.timeout() + "\" is over 1s");
        }
        return new Global(
                timeout,
                switch (written.onFailure()) {
                    case "LocalFallback" -> Global.OnFailure.LOCAL_FALLBACK;
                    case "Allow" -> Global.OnFailure.ALLOW;
                    case "Deny" -> Global.OnFailure.DENY;
                    case null -> defaults.onFailure();
                    default ->
                            throw in.at("onFailure")
                                    .error(
                                            "\""
                                                    + written.onFailure()
                                                    + "\" is not LocalFallback, Allow or Deny");
                });
    }

    private static Refusal response(SpecReader in) {
        RefusalSpec written = in.read(RefusalSpec.class);
        Refusal defaults = Refusal.DEFAULT;
        return new Refusal(
                written.status() == null ? defaults.status() : written.status(),
                written.headers() == null
                        ? defaults.headers()
                        : Refusal.HeaderStyle.valueOf(written.headers().toUpperCase(Locale.ROOT)),
                written.retryAfter() == null ? defaults.retryAfter() : written.retryAfter());
    }
}
