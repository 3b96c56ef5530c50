package dev.sluice.policy.resilience;

import dev.sluice.ir.LoadBalancer;
import dev.sluice.ir.LoadBalancer.Hash;
import dev.sluice.policy.SpecReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decodes section `loadBalancer`.
final class LoadBalancerDecoding {

    private static final String USUAL = "LeastRequest";

    private LoadBalancerDecoding() {}

    record LoadBalancerSpec(
            @Nullable String type, @Nullable HashSpec hash, @Nullable String slowStart) {}

    record HashSpec(
            @Nullable String header,
            @Nullable String cookie,
            @Nullable Map<String, Object> clientIP) {}

    static LoadBalancer read(SpecReader in) {
        LoadBalancerSpec loadBalancerSpec = in.read(LoadBalancerSpec.class);
        String name = loadBalancerSpec.type() == null ? USUAL : loadBalancerSpec.type();
        LoadBalancer.Type type =
                switch (name) {
                    case USUAL -> LoadBalancer.Type.LEAST_REQUEST;
                    case "RoundRobin" -> LoadBalancer.Type.ROUND_ROBIN;
                    case "Random" -> LoadBalancer.Type.RANDOM;
                    case "ConsistentHash" -> LoadBalancer.Type.CONSISTENT_HASH;
                    default ->
                            throw in.at("type")
                                    .error(
                                            "\""
                                                    + name
                                                    + "\" is none of LeastRequest, RoundRobin, Random,"
                                                    + " ConsistentHash");
                };
        HashSpec hash = loadBalancerSpec.hash();
        if (type == LoadBalancer.Type.CONSISTENT_HASH && hash == null) {
            throw in.at("hash").error("is needed by type ConsistentHash");
        }
        if (type != LoadBalancer.Type.CONSISTENT_HASH && hash != null) {
            throw in.at("hash").error("is of type ConsistentHash, not of " + name);
        }
        return new LoadBalancer(
                type,
                hash == null ? null : hash(in.at("hash"), hash),
                slowStart(in.at("slowStart"), type, loadBalancerSpec.slowStart()));
    }

    private static Hash hash(SpecReader in, HashSpec written) {
        List<Hash> all = new ArrayList<>();
        if (written.header() != null) {
            all.add(new Hash.Header(written.header().toLowerCase(Locale.ROOT)));
        }
        if (written.cookie() != null) {
            all.add(new Hash.Cookie(written.cookie()));
        }
        if (written.clientIP() != null) {
            all.add(new Hash.ClientIp());
        }
        if (all.size() != 1) {
            throw in.error("exactly one of header, cookie and clientIP must be set");
        }
        return all.get(0);
    }

    private static Duration slowStart(
            SpecReader in, LoadBalancer.Type type, @Nullable String written) {
        if (written == null) {
            return Duration.ZERO;
        }
        if (type == LoadBalancer.Type.CONSISTENT_HASH) {
            throw in.error("\"" + written + "\" is not possible with type ConsistentHash");
        }
        return in.atMostAnHour(written);
    }
}
