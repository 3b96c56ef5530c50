package dev.sluice.schema;

import com.google.common.net.InetAddresses;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The rules of `x-kubernetes-validations`, compiled when they are first asked for, once for all
/// kinds that share them.
///
/// Values are dynamically typed: the rules were type-checked by the API servers that took the CRDs.
final class CelRules {

    private static final Map<String, CelRuntime.Program> PROGRAMS = new ConcurrentHashMap<>();

    private CelRules() {}

    // Built with the first rule.
    private static final class RuleEnvironment {
        static final Cel CEL =
                CelFactory.plannerCelBuilder()
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .addVar("self", SimpleType.DYN)
                        .addCompilerLibraries(CelExtensions.strings())
                        .addRuntimeLibraries(CelExtensions.strings())
                        .addFunctionDeclarations(
                                CelFunctionDecl.newFunctionDeclaration(
                                        "isIP",
                                        CelOverloadDecl.newGlobalOverload(
                                                "is_ip", SimpleType.BOOL, SimpleType.STRING)))
                        .addFunctionBindings(
                                CelFunctionBinding.from("is_ip", String.class, CelRules::isIp))
                        .build();
    }

    /// Kubernetes' own function: an address without zone.
    private static boolean isIp(String text) {
        return text.indexOf('%') < 0 && InetAddresses.isInetAddress(text);
    }

    /// Whether a rule is about an object by itself. Rules about a change do not apply to files: an
    /// edited file is a new object.
    static boolean isAboutState(String rule) {
        return !rule.contains("oldSelf");
    }

    /// Null when the value holds the rule; otherwise empty, or why the rule has no result.
    static @Nullable String broken(String rule, Object self) {
        try {
            Object result = program(rule).eval(Map.of("self", self));
            return Boolean.TRUE.equals(result) ? null : "";
        } catch (CelEvaluationException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static CelRuntime.Program program(String rule) {
        return PROGRAMS.computeIfAbsent(rule, CelRules::compile);
    }

    private static CelRuntime.Program compile(String rule) {
        try {
            return RuleEnvironment.CEL.createProgram(RuleEnvironment.CEL.compile(rule).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalStateException("a bundled CEL rule does not compile: " + rule, e);
        }
    }
}
