package dev.sluice.bench;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.source.file.Manifest;
import dev.sluice.translate.Translation;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import java.util.ArrayList;
import java.util.List;
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

/// What a snapshot of many HTTPRoutes costs: from text to objects with all checks, and from objects
/// to a configuration. Single shots in fresh processes, since a start is one: the first of them is
/// cold.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 5)
@Fork(3)
public class TranslationBenchmark {

    @Param({"10000"})
    private int routes;

    private final List<String> texts = new ArrayList<>();
    private final List<Resource> objects = new ArrayList<>();
    private final Translator translator =
            new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS);

    /// Writes the routes, and reads them once.
    @Setup
    public void write() {
        texts.add(ManyRoutes.GATEWAY);
        for (int i = 0; i < routes; i++) {
            texts.add(ManyRoutes.text(i, 1));
        }
        texts.forEach(text -> objects.addAll(Manifest.read(text).resources()));
    }

    /// On one thread; the file source uses all processors.
    @Benchmark
    public int readAndCheck() {
        int count = 0;
        for (String text : texts) {
            count += Manifest.read(text).resources().size();
        }
        return count;
    }

    /// From scratch.
    @Benchmark
    public Translation translate() {
        return translator.translate(Resources.of(objects));
    }
}
