package dev.sluice.policy.ratelimit;

import dev.sluice.cel.CelExpression;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import dev.sluice.resource.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Decodes section `limits`.
final class LimitDecoding {

    private static final int V6_SITE = 64;

    private LimitDecoding() {}

    record LimitSpec(
            String name,
            @Nullable List<LimitKeySpec> key,
            @Nullable LimitWhenSpec when,
            RateSpec rate,
            @Nullable CostSpec cost,
            @Nullable String scope) {}

    record LimitKeySpec(
            @Nullable String header,
            @Nullable String claim,
            @Nullable ClientIpSpec clientIP,
            @Nullable String cel) {}

    record ClientIpSpec(@Nullable Integer v6Prefix) {}

    record LimitWhenSpec(
            @Nullable List<String> methods,
            @Nullable List<String> paths,
            @Nullable List<HeaderConditionSpec> headers,
            @Nullable String cel) {}

    record HeaderConditionSpec(String name, @Nullable List<String> anyOf) {}

    record RateSpec(long requests, String per, @Nullable Long burst) {}

    record CostSpec(
            @Nullable Long request,
            @Nullable String requestHeader,
            @Nullable String responseHeader) {}

    static Limits decode(LimitSpec[] written) {
        List<Limit> limits = new ArrayList<>();
        for (int i = 0; i < written.length; i++) {
            limits.add(limit(written[i], "limits[" + i + "]."));
        }
        return new Limits(limits);
    }

    private static Limit limit(LimitSpec limitSpec, String field) {
        RateSpec rate = limitSpec.rate();
        Duration per = duration(rate.per(), field + "rate.per");
        long burst = rate.burst() == null ? rate.requests() : rate.burst();
        return new Limit(
                limitSpec.name(),
                key(orEmpty(limitSpec.key()), field + "key"),
                when(limitSpec.when(), field + "when."),
                new Limit.Rate(rate.requests(), per, burst),
                cost(limitSpec.cost()),
                "Global".equals(limitSpec.scope()) ? Limit.Scope.GLOBAL : Limit.Scope.LOCAL);
    }

    /// @throws InvalidField when it is none, or not more than zero
    static Duration duration(String written, String field) {
        Duration duration = Durations.parse(written);
        if (duration == null || !duration.isPositive()) {
            throw new InvalidField(field, "\"" + written + "\" is not a positive duration");
        }
        return duration;
    }

    private static List<KeyPart> key(List<LimitKeySpec> written, String field) {
        List<KeyPart> parts = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            LimitKeySpec part = written.get(i);
            if (part.header() != null) {
                parts.add(new KeyPart.Header(lower(part.header())));
            }
            if (part.claim() != null) {
                parts.add(new KeyPart.Claim(part.claim()));
            }
            if (part.clientIP() != null) {
                Integer prefix = part.clientIP().v6Prefix();
                parts.add(new KeyPart.ClientIp(prefix == null ? V6_SITE : prefix));
            }
            if (part.cel() != null) {
                check(CelExpression::text, part.cel(), field + "[" + i + "].cel");
                parts.add(new KeyPart.Cel(part.cel()));
            }
        }
        return parts;
    }

    private static Limit.When when(@Nullable LimitWhenSpec written, String field) {
        if (written == null) {
            return Limit.When.ALWAYS;
        }
        if (written.cel() != null) {
            check(CelExpression::condition, written.cel(), field + "cel");
        }
        return new Limit.When(
                orEmpty(written.methods()),
                orEmpty(written.paths()),
                orEmpty(written.headers()).stream()
                        .map(one -> new Limit.When.Header(lower(one.name()), orEmpty(one.anyOf())))
                        .toList(),
                written.cel());
    }

    private static void check(Function<String, CelExpression> compiler, String cel, String field) {
        try {
            var _ = compiler.apply(cel);
        } catch (IllegalArgumentException e) {
            throw new InvalidField(field, String.valueOf(e.getMessage()));
        }
    }

    private static Limit.Cost cost(@Nullable CostSpec written) {
        return written == null
                ? Limit.Cost.ONE
                : new Limit.Cost(
                        written.request() == null ? 1 : Math.max(1, written.request()),
                        written.requestHeader() == null ? null : lower(written.requestHeader()),
                        written.responseHeader() == null ? null : lower(written.responseHeader()));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
