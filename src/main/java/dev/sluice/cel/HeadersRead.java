package dev.sluice.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fields whose single value an expression reads by `request.headers`. Where one of them came
/// several times, the expression has no result: any way to join the values could be passed by a
/// further one (CVE-2026-26308). Whether a field is there (`in`, `has`) may be asked all the same.
///
/// @param names the fields that it names
/// @param any whether it may read any: by a name that is not a constant, or in another way
record HeadersRead(Set<String> names, boolean any) {

    private static final String INDEX = "_[_]";
    private static final String IN = "@in";

    HeadersRead {
        names = Set.copyOf(names);
    }

    /// What an expression reads.
    static HeadersRead of(CelAbstractSyntaxTree tree) {
        Set<String> names = new HashSet<>();
        boolean any = false;
        for (CelNavigableExpr node : CelNavigableAst.fromAst(tree).getRoot().allNodes().toList()) {
            if (isRequest(node.expr())) {
                CelExpr parent = parent(node);
                any |= parent == null || parent.getKind() != Kind.SELECT;
            } else if (isHeaders(node.expr())) {
                String name = name(node.expr(), parent(node));
                if (name == null) {
                    any = true;
                } else if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
        return new HeadersRead(names, any);
    }

    private static @Nullable CelExpr parent(CelNavigableExpr node) {
        return node.parent().map(CelNavigableExpr::expr).orElse(null);
    }

    private static boolean isRequest(CelExpr expression) {
        return expression.getKind() == Kind.IDENT && expression.ident().name().equals("request");
    }

    private static boolean isHeaders(CelExpr expression) {
        return expression.getKind() == Kind.SELECT
                && expression.select().field().equals("headers")
                && isRequest(expression.select().operand());
    }

    /// The field that is read where `request.headers` stands; empty when no value is, null when
    /// that is not known.
    private static @Nullable String name(CelExpr headers, @Nullable CelExpr parent) {
        if (parent == null) {
            return null;
        }
        return switch (parent.getKind()) {
            case SELECT -> parent.select().testOnly() ? "" : parent.select().field();
            case CALL -> {
                CelExpr.CelCall call = parent.call();
                if (call.function().equals(IN) || call.function().equals("size")) {
                    yield "";
                }
                yield call.function().equals(INDEX) && call.args().get(0).id() == headers.id()
                        ? constant(call.args().get(1))
                        : null;
            }
            // The range of a macro such as `exists` is the names.
            case COMPREHENSION ->
                    parent.comprehension().iterRange().id() == headers.id() ? "" : null;
            default -> null;
        };
    }

    private static @Nullable String constant(CelExpr index) {
        return index.getKind() == Kind.CONSTANT
                        && index.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? index.constant().stringValue()
                : null;
    }

    /// A field of those that it reads that has several values; null when there is none.
    @Nullable String ambiguous(Map<String, List<String>> values) {
        if (any) {
            for (Map.Entry<String, List<String>> field : values.entrySet()) {
                if (field.getValue().size() > 1) {
                    return field.getKey();
                }
            }
            return null;
        }
        for (String name : names) {
            List<String> found = values.get(name);
            if (found != null && found.size() > 1) {
                return name;
            }
        }
        return null;
    }
}
