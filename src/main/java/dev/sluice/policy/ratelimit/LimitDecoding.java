package dev.sluice.policy.ratelimit;

import dev.sluice.cel.CelExpression;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import dev.sluice.translate.Durations;
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

    record Written(
            String name,
            @Nullable List<WrittenKey> key,
            @Nullable WrittenWhen when,
            WrittenRate rate,
            @Nullable WrittenCost cost,
            @Nullable String scope) {}

    record WrittenKey(
            @Nullable String header,
            @Nullable String claim,
            @Nullable WrittenIp clientIP,
            @Nullable String cel) {}

    record WrittenIp(@Nullable Integer v6Prefix) {}

    record WrittenWhen(
            @Nullable List<String> methods,
            @Nullable List<String> paths,
            @Nullable List<WrittenHeader> headers,
            @Nullable String cel) {}

    record WrittenHeader(String name, @Nullable List<String> anyOf) {}

    record WrittenRate(long requests, String per, @Nullable Long burst) {}

    record WrittenCost(
            @Nullable Long request,
            @Nullable String requestHeader,
            @Nullable String responseHeader) {}

    static Limits decode(Written[] written) {
        List<Limit> limits = new ArrayList<>();
        for (int i = 0; i < written.length; i++) {
            limits.add(limit(written[i], "limits[" + i + "]."));
        }
        return new Limits(limits);
    }

    private static Limit limit(Written written, String field) {
        WrittenRate rate = written.rate();
        Duration per = duration(rate.per(), field + "rate.per");
        long burst = rate.burst() == null ? rate.requests() : rate.burst();
        return new Limit(
                written.name(),
                key(orEmpty(written.key()), field + "key"),
                when(written.when(), field + "when."),
                new Limit.Rate(rate.requests(), per, burst),
                cost(written.cost()),
                "Global".equals(written.scope()) ? Limit.Scope.GLOBAL : Limit.Scope.LOCAL);
    }

    /// @throws InvalidField when it is none, or not more than zero
    static Duration duration(String written, String field) {
        Duration duration = Durations.parse(written);
        if (duration == null || !duration.isPositive()) {
            throw new InvalidField(field, "\"" + written + "\" is not a positive duration");
        }
        return duration;
    }

    private static List<KeyPart> key(List<WrittenKey> written, String field) {
        List<KeyPart> parts = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            WrittenKey part = written.get(i);
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

    private static Limit.When when(@Nullable WrittenWhen written, String field) {
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

    private static Limit.Cost cost(@Nullable WrittenCost written) {
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
