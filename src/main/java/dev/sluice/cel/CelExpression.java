package dev.sluice.cel;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
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
import dev.cel.runtime.CelEvaluationExceptionBuilder;
import dev.cel.runtime.CelRuntime;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An expression in CEL over `request` (`method`, `scheme`, `host`, `path`, `query`, `headers` by
/// names in lower case, each a string, `headerValues`, each a list), `client` (`address`) and
/// `identity` (`name`, `method`, `claims`, `scopes`); afterwards over `response` (`status`,
/// `millis`), too.
public final class CelExpression {

    /// Turns of macros such as `exists`: what an event loop has time for.
    private static final int MOST_TURNS = 10_000;

    private static final CelType FIELDS = MapType.create(SimpleType.STRING, SimpleType.DYN);

    /// What was compiled last: a policy of a Gateway is put into effect for each rule of it.
    private static final Map<ExpressionSource, CelExpression> COMPILED =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(
                                Map.Entry<ExpressionSource, CelExpression> eldest) {
                            return size() > MOST_COMPILED;
                        }
                    });

    private static final int MOST_COMPILED = 1_000;

    /// @param environment the variables that are there
    private record ExpressionSource(Cel environment, String text, CelType wanted) {}

    private final CelRuntime.Program program;
    private final HeadersRead read;

    private CelExpression(CelRuntime.Program program, HeadersRead read) {
        this.program = program;
        this.read = read;
    }

    // Built with the first condition.
    private static final class RequestEnvironment {
        static final Cel CEL = builder().build();

        static CelBuilder builder() {
            return CelFactory.plannerCelBuilder()
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
                    .addRuntimeLibraries(CelExtensions.strings());
        }
    }

    private static final class Afterwards {
        static final Cel CEL = RequestEnvironment.builder().addVar("response", FIELDS).build();
    }

    /// @throws IllegalArgumentException when it does not compile, or is no condition
    public static CelExpression condition(String text) {
        return compiled(RequestEnvironment.CEL, text, SimpleType.BOOL, "not a condition");
    }

    /// A condition of requests that are over.
    ///
    /// @throws IllegalArgumentException when it does not compile, or is no condition
    public static CelExpression afterwards(String text) {
        return compiled(Afterwards.CEL, text, SimpleType.BOOL, "not a condition");
    }

    /// @throws IllegalArgumentException when it does not compile, or is no string
    public static CelExpression text(String text) {
        return compiled(RequestEnvironment.CEL, text, SimpleType.STRING, "not a string");
    }

    private static CelExpression compiled(
            Cel environment, String text, CelType wanted, String otherwise) {
        ExpressionSource expressionSource = new ExpressionSource(environment, text, wanted);
        CelExpression known = COMPILED.get(expressionSource);
        if (known != null) {
            return known;
        }
        try {
            CelAbstractSyntaxTree tree = environment.compile(text).getAst();
            CelType type = tree.getResultType();
            if (!type.equals(wanted) && !type.equals(SimpleType.DYN)) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is a " + type.name() + ", " + otherwise);
            }
            CelExpression made =
                    new CelExpression(environment.createProgram(tree), HeadersRead.of(tree));
            COMPILED.put(expressionSource, made);
            return made;
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" does not compile: " + firstLine(e), e);
        }
    }

    /// Behind it stands a picture of the place.
    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /// Whether a condition holds.
    ///
    /// @throws CelEvaluationException when it has no result, such as for a claim that is not there
    public boolean holds(Exchange exchange) throws CelEvaluationException {
        return Boolean.TRUE.equals(value(exchange));
    }

    /// Whether a condition of requests that are over holds.
    ///
    /// @param status what the client got
    /// @throws CelEvaluationException when it has no result, such as for a claim that is not there
    public boolean holds(Exchange exchange, int status) throws CelEvaluationException {
        Map<String, Object> known = new HashMap<>(variables(exchange));
        known.put(
                "response",
                Map.of("status", (long) status, "millis", exchange.elapsed() / 1_000_000));
        return Boolean.TRUE.equals(program.eval(known));
    }

    /// The result of a text, which is also that of other values where types are not known before.
    ///
    /// @throws CelEvaluationException when it has none, such as for a claim that is not there
    public String textOf(Exchange exchange) throws CelEvaluationException {
        return String.valueOf(value(exchange));
    }

    /// Whether it has no result because the request has several fields of which it reads one.
    public boolean isAmbiguous(Exchange exchange) {
        return read.ambiguous(headerValues(exchange)) != null;
    }

    private Object value(Exchange exchange) throws CelEvaluationException {
        return program.eval(variables(exchange));
    }

    private Map<String, Object> variables(Exchange exchange) throws CelEvaluationException {
        return Map.of(
                "request", request(exchange),
                "client", Map.of("address", exchange.clientHost()),
                "identity", identity(exchange.identity()));
    }

    private Map<String, Object> request(Exchange exchange) throws CelEvaluationException {
        Map<String, List<String>> values = headerValues(exchange);
        String several = read.ambiguous(values);
        if (several != null) {
            throw CelEvaluationExceptionBuilder.newBuilder(
                            "the request has several fields %s: see request.headerValues", several)
                    .build();
        }
        Map<String, String> headers = new HashMap<>();
        values.forEach((name, all) -> headers.put(name, all.get(0)));
        return Map.of(
                "method", exchange.method(),
                "scheme", exchange.request().scheme(),
                "host", exchange.host(),
                "path", exchange.path(),
                "query", exchange.query(),
                "headers", headers,
                "headerValues", values);
    }

    private static Map<String, List<String>> headerValues(Exchange exchange) {
        Map<String, List<String>> values = new HashMap<>();
        for (Map.Entry<String, String> field : exchange.request().headers()) {
            values.computeIfAbsent(field.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
                    .add(field.getValue());
        }
        return values;
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
