package dev.sluice.bench;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Port;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.route.RouteTable;
import dev.sluice.translate.Memo;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What one changed HTTPRoute among many costs a process that has run for a while: the next
/// snapshot, its translation, and the next route table.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LiveChangeBenchmark {

    @Param({"1000", "10000"})
    private int routes;

    private final Translator translator =
            new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS);
    private final Memo memo = new Memo();
    private final List<Resource> variants = new ArrayList<>();
    private List<Resource> objects = List.of();
    private Resources snapshot = Resources.EMPTY;
    private RouteTable<String> table = RouteTable.compile(NOWHERE, _ -> "");
    private int turn;

    private static final Port NOWHERE =
            new Port(
                    "none",
                    "none",
                    "",
                    1,
                    1,
                    List.of(new HttpListener("none", HostPattern.ANY, null, List.of())));

    /// Makes the routes, and two variants of the one in the middle.
    @Setup
    public void start() {
        objects = ManyRoutes.objects(routes);
        variants.add(ManyRoutes.route(routes / 2, 2));
        variants.add(ManyRoutes.route(routes / 2, 3));
    }

    @Benchmark
    public RouteTable<String> change() {
        turn = 1 - turn;
        objects.set(objects.size() - routes + routes / 2, variants.get(turn));
        snapshot = Resources.after(snapshot, objects);
        Port port =
                translator.translate(snapshot, Map.of(), memo).configuration().ports().getFirst();
        table = RouteTable.recompile(table, port, rule -> rule.origin().name());
        return table;
    }

    /// The same without memory.
    @Benchmark
    public RouteTable<String> scratch() {
        Port port = translator.translate(Resources.of(objects)).configuration().ports().getFirst();
        return RouteTable.compile(port, rule -> rule.origin().name());
    }
}
