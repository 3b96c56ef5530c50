package dev.sluice.policy.auth;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A condition in CEL over `request` (`method`, `scheme`, `host`, `path`, `query`, `headers` by names in
/// lower case), `client` (`address`) and `identity` (`name`, `method`, `claims`, `scopes`).
final class CelCondition {

    /// Turns of macros such as `exists`: what an event loop has time for.
    private static final int MOST_TURNS = 10_000;

    private static final CelType FIELDS = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private final CelRuntime.Program program;

    private CelCondition(CelRuntime.Program program) {
        this.program = program;
    }

    // Built with the first condition.
    private static final class Environment {
        static final Cel CEL =
                CelFactory.plannerCelBuilder()
                        .setOptions(
                                CelOptions.current()
                                        .enableHeterogeneousNumericComparisons(true)
                                        .comprehensionMaxIterations(MOST_TURNS)
                                        .build())
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .addVar("request", FIELDS)
                        .addVar("client", FIELDS)
                        .addVar("identity", FIELDS)
                        .addCompilerLibraries(CelExtensions.strings())
                        .addRuntimeLibraries(CelExtensions.strings())
                        .build();
    }

    /// @throws IllegalArgumentException when it does not compile, or is no condition
    static CelCondition of(String expression) {
        try {
            CelAbstractSyntaxTree tree = Environment.CEL.compile(expression).getAst();
            CelType type = tree.getResultType();
            if (!type.equals(SimpleType.BOOL) && !type.equals(SimpleType.DYN)) {
                throw new IllegalArgumentException(
                        "\"" + expression + "\" is a " + type.name() + ", not a condition");
            }
            return new CelCondition(Environment.CEL.createProgram(tree));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(
                    "\"" + expression + "\" does not compile: " + firstLine(e), e);
        }
    }

    /// Behind it stands a picture of the place.
    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /// @throws CelEvaluationException when it has no result, such as for a claim that is not there
    boolean holds(Exchange exchange) throws CelEvaluationException {
        return Boolean.TRUE.equals(
                program.eval(
                        Map.of(
                                "request", request(exchange),
                                "client", Map.of("address", exchange.clientHost()),
                                "identity", identity(exchange.identity()))));
    }

    private static Map<String, Object> request(Exchange exchange) {
        Map<String, Object> headers = new HashMap<>();
        for (String name : exchange.request().headers().names()) {
            headers.put(
                    name.toLowerCase(Locale.ROOT),
                    String.join(",", exchange.request().headers().getAll(name)));
        }
        return Map.of(
                "method", exchange.method(),
                "scheme", exchange.request().scheme(),
                "host", exchange.host(),
                "path", exchange.path(),
                "query", exchange.query(),
                "headers", headers);
    }

    private static Map<String, Object> identity(@Nullable Identity found) {
        return found == null
                ? Map.of("name", "", "method", "", "claims", Map.of(), "scopes", List.of())
                : Map.of(
                        "name", found.name(),
                        "method", found.method(),
                        "claims", found.claims(),
                        "scopes", List.copyOf(found.scopes()));
    }
}
