package dev.sluice.policy.ratelimit;

import dev.sluice.cel.CelExpression;
import dev.sluice.policy.SpecReader;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    static Limits read(SpecReader in) {
        LimitSpec[] written = in.read(LimitSpec[].class);
        List<Limit> limits = new ArrayList<>();
        for (int i = 0; i < written.length; i++) {
            limits.add(limit(written[i], in.at(i)));
        }
        return new Limits(limits);
    }

    private static Limit limit(LimitSpec limitSpec, SpecReader in) {
        RateSpec rate = limitSpec.rate();
        Duration per = in.at("rate").at("per").positive(rate.per());
        long burst = rate.burst() == null ? rate.requests() : rate.burst();
        return new Limit(
                limitSpec.name(),
                key(SpecReader.orEmpty(limitSpec.key()), in.at("key")),
                when(limitSpec.when(), in.at("when")),
                new Limit.Rate(rate.requests(), per, burst),
                cost(limitSpec.cost()),
                "Global".equals(limitSpec.scope()) ? Limit.Scope.GLOBAL : Limit.Scope.LOCAL);
    }

    private static List<KeyPart> key(List<LimitKeySpec> written, SpecReader in) {
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
                String cel = part.cel();
                in.at(i).at("cel").check(() -> CelExpression.text(cel));
                parts.add(new KeyPart.Cel(cel));
            }
        }
        return parts;
    }

    private static Limit.When when(@Nullable LimitWhenSpec written, SpecReader in) {
        if (written == null) {
            return Limit.When.ALWAYS;
        }
        String cel = written.cel();
        if (cel != null) {
            in.at("cel").check(() -> CelExpression.condition(cel));
        }
        return new Limit.When(
                SpecReader.orEmpty(written.methods()),
                SpecReader.orEmpty(written.paths()),
                SpecReader.orEmpty(written.headers()).stream()
                        .map(one ->
                                new Limit.When.Header(
                                        lower(one.name()), SpecReader.orEmpty(one.anyOf())))
                        .toList(),
                written.cel());
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
}
