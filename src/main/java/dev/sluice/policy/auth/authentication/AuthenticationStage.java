package dev.sluice.policy.auth.authentication;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.Stage;
import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds out who sent a request. Where any kind of credentials will do, the first one that the
/// request has decides: bad ones are refused, also where others would have been good. Where all are
/// required, each kind that is not optional has to be there, none may be bad, and the first one
/// says who it is.
public final class AuthenticationStage implements Stage {

    private final List<Scheme> ways;
    private final boolean all;
    private final boolean optional;
    private final BlockingExecutor blockingExecutor;
    private final Set<String> fields;

    /// A kind of credentials, and the policy that asks for it.
    ///
    /// @param optional whether requests may lack them
    public record Scheme(Authenticator authenticator, Refusals refusals, boolean optional) {}

    /// @param ways at least one; all enforced, or none
    /// @param all whether credentials of each way are required, or of any
    public AuthenticationStage(List<Scheme> ways, boolean all, BlockingExecutor blockingExecutor) {
        this.ways = List.copyOf(ways);
        this.all = all;
        this.optional = ways.stream().allMatch(Scheme::optional);
        this.blockingExecutor = blockingExecutor;
        this.fields =
                ways.stream()
                        .flatMap(way -> way.authenticator().fields().stream())
                        .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public FilterOrder order() {
        return FilterOrder.AUTHENTICATION;
    }

    private boolean enforced() {
        return ways.get(0).refusals().enforced();
    }

    @Override
    public StageResult request(Exchange exchange) {
        if (!fields.isEmpty() && enforced()) {
            removeSpoofed(exchange.request().headers());
        }
        return authenticate(exchange, 0);
    }

    /// Looks for credentials of the ways from one on.
    private StageResult authenticate(Exchange exchange, int first) {
        for (int i = first; i < ways.size(); i++) {
            AuthenticationResult authenticationResult =
                    ways.get(i).authenticator().resume(exchange);
            if (!(authenticationResult instanceof AuthenticationResult.Absent)) {
                return settle(exchange, i, authenticationResult);
            }
            if (all && !ways.get(i).optional()) {
                return missing(exchange, i, i + 1);
            }
        }
        return optional || all ? StageResult.NEXT : missing(exchange, 0, ways.size());
    }

    /// The request has none of these credentials: ways from one on, and up to another.
    private StageResult missing(Exchange exchange, int from, int to) {
        for (int i = from; i < to; i++) {
            AuthenticationResult authenticationResult =
                    enforced() ? ways.get(i).authenticator().unidentified(exchange) : null;
            if (authenticationResult != null) {
                return settle(exchange, i, authenticationResult);
            }
        }
        return ways.get(from)
                .refusals()
                .refuse(exchange, 401, "no credentials", challenges(null, null));
    }

    @Override
    public void response(Exchange exchange, ResponseHead head) {
        if (exchange.note(this) instanceof AuthenticationResult.Renewed renewed) {
            head.headers().add(HttpHeaderNames.SET_COOKIE, renewed.cookies());
        }
    }

    @Override
    public void requestTrailers(Exchange exchange, HttpHeaders trailers) {
        removeSpoofed(trailers);
    }

    /// Some servers do not distinguish an underscore from a hyphen (CGI, WSGI).
    private void removeSpoofed(HttpHeaders headers) {
        List<CharSequence> spoofed = null;
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            CharSequence name = all.next().getKey();
            for (String field : fields) {
                if (isSame(name, field)) {
                    spoofed = spoofed == null ? new ArrayList<>() : spoofed;
                    spoofed.add(name);
                }
            }
        }
        if (spoofed != null) {
            spoofed.forEach(headers::remove);
        }
    }

    private static boolean isSame(CharSequence name, String field) {
        if (name.length() != field.length()) {
            return false;
        }
        for (int i = 0; i < field.length(); i++) {
            char c = name.charAt(i);
            char lower = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            char wanted = field.charAt(i) == '_' ? '-' : field.charAt(i);
            if (lower != wanted) {
                return false;
            }
        }
        return true;
    }

    /// @param i the way that it is of
    private StageResult settle(
            Exchange exchange, int i, AuthenticationResult authenticationResult) {
        Scheme way = ways.get(i);
        return switch (authenticationResult) {
            case AuthenticationResult.Absent _ -> // it took time to see that
                    all && !way.optional()
                            ? missing(exchange, i, i + 1)
                            : authenticate(exchange, i + 1);
            case AuthenticationResult.Accepted accepted -> {
                accept(exchange, accepted);
                yield further(exchange, i);
            }
            case AuthenticationResult.Renewed renewed -> {
                accept(exchange, renewed.accepted());
                if (enforced()) {
                    exchange.note(this, renewed);
                }
                yield further(exchange, i);
            }
            case AuthenticationResult.Answered(var localReply) ->
                    way.refusals().answer(exchange, localReply);
            case AuthenticationResult.Refused(int status, String error, String reason) ->
                    way.refusals()
                            .refuse(
                                    exchange,
                                    status,
                                    reason,
                                    status == 503 ? List.of() : challenges(error, reason));
            case AuthenticationResult.NeedsBody(int most, var then) -> {
                exchange.awaitBody(most, body -> goOn(exchange, i, then.apply(body)));
                yield StageResult.DEFERRED;
            }
            case AuthenticationResult.Pending(var work) ->
                    blockingExecutor.run(
                                    exchange,
                                    way.authenticator(),
                                    work,
                                    judged -> goOn(exchange, i, judged))
                            ? StageResult.DEFERRED
                            : way.refusals()
                                    .refuse(
                                            exchange,
                                            503,
                                            "too many requests wait for authentication",
                                            List.of());
        };
    }

    /// Credentials were good: the next ones, where all are required.
    private StageResult further(Exchange exchange, int i) {
        return all ? authenticate(exchange, i + 1) : StageResult.NEXT;
    }

    private void goOn(Exchange exchange, int i, AuthenticationResult authenticationResult) {
        if (settle(exchange, i, authenticationResult) == StageResult.NEXT) {
            exchange.resume();
        }
    }

    private void accept(Exchange exchange, AuthenticationResult.Accepted accepted) {
        if (exchange.identity() == null) {
            exchange.identity(accepted.identity());
        }
        if (!enforced()) {
            return; // the request passes as it came
        }
        List<AuthenticationResult.HeaderField> told = accepted.fields();
        for (int i = 0; i < told.size(); i++) {
            exchange.request().headers().set(told.get(i).name(), told.get(i).value());
        }
        if (accepted.dropped() != null) {
            accepted.dropped().remove(exchange);
        }
    }

    /// What a client may try (RFC 9110 11.6.1), with what went wrong where that is known (RFC 6750
    /// 3).
    public List<String> challenges(@Nullable String error, @Nullable String reason) {
        List<String> challenges = new ArrayList<>();
        for (Scheme way : ways) {
            String scheme = way.authenticator().scheme();
            String challenge = Challenge.of(scheme);
            if (error != null && scheme.equals(Challenge.BEARER)) {
                challenge += Challenge.error(error, String.valueOf(reason));
            }
            if (!scheme.isEmpty() && !challenges.contains(challenge)) {
                challenges.add(challenge);
            }
        }
        return challenges;
    }
}
