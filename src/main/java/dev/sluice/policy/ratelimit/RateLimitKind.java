package dev.sluice.policy.ratelimit;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import dev.sluice.resource.Policy;
import dev.sluice.resource.RateLimitPolicy;
import dev.sluice.translate.Checked;
import dev.sluice.translate.Durations;
import dev.sluice.translate.PolicyKind;
import dev.sluice.translate.PolicyReferences;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Decodes RateLimitPolicies. A section that cannot be used has no effect: traffic is let through.
public final class RateLimitKind implements PolicyKind {

    private static final int V6_SITE = 64;

    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

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

    private record WrittenLimit(
            String name,
            @Nullable List<WrittenKey> key,
            @Nullable WrittenWhen when,
            WrittenRate rate) {}

    private record WrittenKey(
            @Nullable String header, @Nullable String claim, @Nullable WrittenIp clientIP) {}

    private record WrittenIp(@Nullable Integer v6Prefix) {}

    private record WrittenWhen(@Nullable List<String> methods, @Nullable List<String> paths) {}

    private record WrittenRate(long requests, String per, @Nullable Long burst) {}

    private record WrittenResponse(
            @Nullable Integer status, @Nullable String headers, @Nullable Boolean retryAfter) {}

    @Override
    public Checked<PolicySection> decode(
            String section, Object written, PolicyReferences references) {
        try {
            return switch (section) {
                case "limits" -> limits(JSON.convertValue(written, WrittenLimit[].class));
                case "response" -> response(JSON.convertValue(written, WrittenResponse.class));
                default ->
                        Checked.no("Invalid", section + ": a RateLimitPolicy has no such section");
            };
        } catch (JacksonException | IllegalArgumentException e) {
            return Checked.no("Invalid", section + ": " + e.getMessage());
        }
    }

    private static Checked<PolicySection> limits(WrittenLimit[] written) {
        List<Limit> limits = new ArrayList<>();
        for (int i = 0; i < written.length; i++) {
            WrittenLimit limit = written[i];
            String field = "limits[" + i + "].";
            Duration per = Durations.parse(limit.rate().per());
            if (per == null || !per.isPositive()) {
                return Checked.no(
                        "Invalid",
                        field
                                + "rate.per: \""
                                + limit.rate().per()
                                + "\" is not a positive duration");
            }
            long requests = limit.rate().requests();
            long burst = limit.rate().burst() == null ? requests : limit.rate().burst();
            limits.add(
                    new Limit(
                            limit.name(),
                            key(limit.key()),
                            when(limit.when()),
                            new Limit.Rate(requests, per, burst)));
        }
        return Checked.of(new Limits(limits));
    }

    private static List<KeyPart> key(@Nullable List<WrittenKey> written) {
        List<KeyPart> parts = new ArrayList<>();
        for (WrittenKey part : written == null ? List.<WrittenKey>of() : written) {
            if (part.header() != null) {
                parts.add(new KeyPart.Header(part.header().toLowerCase(Locale.ROOT)));
            }
            if (part.claim() != null) {
                parts.add(new KeyPart.Claim(part.claim()));
            }
            if (part.clientIP() != null) {
                Integer prefix = part.clientIP().v6Prefix();
                parts.add(new KeyPart.ClientIp(prefix == null ? V6_SITE : prefix));
            }
        }
        return parts;
    }

    private static Limit.When when(@Nullable WrittenWhen written) {
        return written == null
                ? Limit.When.ALWAYS
                : new Limit.When(
                        written.methods() == null ? List.of() : written.methods(),
                        written.paths() == null ? List.of() : written.paths());
    }

    private static Checked<PolicySection> response(WrittenResponse written) {
        Refusal defaults = Refusal.DEFAULT;
        return Checked.of(
                new Refusal(
                        written.status() == null ? defaults.status() : written.status(),
                        written.headers() == null
                                ? defaults.headers()
                                : Refusal.Fields.valueOf(
                                        written.headers().toUpperCase(Locale.ROOT)),
                        written.retryAfter() == null
                                ? defaults.retryAfter()
                                : written.retryAfter()));
    }
}
