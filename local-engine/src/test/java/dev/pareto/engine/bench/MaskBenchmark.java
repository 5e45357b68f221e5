package dev.pareto.engine.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import com.sun.management.ThreadMXBean;

import org.opentest4j.TestAbortedException;

import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.bench.MaskCases.Case;
import dev.pareto.engine.grammar.Constraints;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.engine.sample.TokenConstraint;
import dev.pareto.engine.text.SharedFiles;
import dev.pareto.engine.text.Tokenizer;

/**
 * What the mask of one token costs on a large vocabulary, to be compared with the time in which a model computes the
 * token: the time to get the mask and to tell of the token drawn, over texts that match. "Cold" is a grammar's first text
 * on compiled code, "warm" all of its texts once they were seen. The vocabulary is that of Llama 3 (128,256 tokens), or of
 * any GGUF file given. Run it on an idle machine:
 *
 * <pre>
 * mvn -Pbench -pl local-engine clean verify -Dbench=MaskBenchmark
 * </pre>
 */
public final class MaskBenchmark {

    private static final String VOCABULARY = "tokenizers/ggml-vocab-llama-bpe.gguf";
    /** Passes before the one that counts, on masks of their own: the compiler's time is not the grammar's. */
    private static final int WARM_UPS = 12;
    private static final int WARM_PASSES = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Times in nanoseconds, ascending, and bytes allocated, garbage included. */
    record Passes(long[] nanos, long bytes) {

        double micros(double quantile) {
            return nanos[(int) Math.min(nanos.length - 1, Math.round(quantile * (nanos.length - 1)))] / 1e3;
        }
    }

    /**
     * What one grammar costs.
     *
     * @param compileNanos of the grammar alone
     * @param beginNanos of the first sequence on this vocabulary
     * @param keptBytes of the heap, by the grammar and what is known of it
     */
    record Cost(String name, int states, long compileNanos, long beginNanos, Passes cold, Passes warm,
            long keptBytes) {

        static final String HEADER = "| grammar | states | compile ms | begin ms | cold µs p50 / p99 / most | "
                + "warm µs p50 / p99 / most | bytes a token cold / warm | kept MB |";

        @Override
        public String toString() {
            return String.format(Locale.ROOT,
                    "| %s | %d | %.1f | %.1f | %.0f / %.0f / %.0f | %.1f / %.1f / %.1f | %d / %d | %.1f |", name,
                    states, compileNanos / 1e6, beginNanos / 1e6, cold.micros(0.5), cold.micros(0.99), cold.micros(1),
                    warm.micros(0.5), warm.micros(0.99), warm.micros(1), cold.bytes / cold.nanos.length,
                    warm.bytes / warm.nanos.length, keptBytes / 1e6);
        }
    }

    private final Tokenizer tokenizer;

    MaskBenchmark(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The cost of a grammar once so many warm-ups have had the code compiled. */
    Cost measure(Case which, int warmUps) {
        var texts = which.texts().stream().map(text -> tokenizer.encode(text, false)).toList();
        for (int i = 0; i < warmUps; i++) {
            var constraints = begun();
            var grammar = which.grammar().get();
            follow(constraints, grammar, texts);
            follow(constraints, grammar, texts);
        }
        var constraints = begun();
        long keptBefore = kept();
        long start = System.nanoTime();
        var grammar = which.grammar().get();
        long compiled = System.nanoTime();
        var first = constraints.begin(grammar);
        long begun = System.nanoTime();
        var cold = follow(first, texts.getFirst());
        follow(constraints, grammar, texts);
        var warm = new Passes[WARM_PASSES];
        Arrays.setAll(warm, _ -> follow(constraints, grammar, texts));
        long keptAfter;
        try {
            keptAfter = kept();
        } finally {
            Reference.reachabilityFence(constraints);
        }
        return new Cost(which.name(), grammar.states(), compiled - start, begun - compiled, cold, together(warm),
                keptAfter - keptBefore);
    }

    /** With the vocabulary looked at. */
    private Constraints begun() {
        var constraints = new Constraints(tokenizer);
        var _ = constraints.begin(Grammar.regex("a"));
        return constraints;
    }

    private static long kept() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static Passes follow(Constraints constraints, Grammar grammar, List<int[]> texts) {
        return together(texts.stream()
                .map(text -> follow(constraints.begin(grammar), text))
                .toArray(Passes[]::new));
    }

    private static Passes follow(TokenConstraint constraint, int[] tokens) {
        long[] nanos = new long[tokens.length];
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < tokens.length; i++) {
            long start = System.nanoTime();
            long[] allowed = constraint.allowed();
            if ((allowed[tokens[i] >> 6] >>> tokens[i] & 1) == 0) {
                throw new IllegalStateException("token " + i + " of a text that matches is not allowed");
            }
            constraint.accept(tokens[i]);
            nanos[i] = System.nanoTime() - start;
        }
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        Arrays.sort(nanos);
        return new Passes(nanos, bytes);
    }

    private static Passes together(Passes... parts) {
        long[] nanos = Arrays.stream(parts).flatMapToLong(part -> Arrays.stream(part.nanos)).sorted().toArray();
        return new Passes(nanos, Arrays.stream(parts).mapToLong(Passes::bytes).sum());
    }

    /** A GGUF file with another vocabulary, or nothing. */
    public static void main(String[] args) throws IOException {
        Path file;
        try {
            file = args.length > 0 ? Path.of(args[0]) : SharedFiles.require(VOCABULARY);
        } catch (TestAbortedException missing) {
            System.out.println("skipped: " + VOCABULARY + " is not in a folder 'shared' beside the repository; name "
                    + "any GGUF file with a vocabulary by -Dbench.args=FILE");
            return;
        }
        var tokenizer = LocalEngine.tokenizerOf(file);
        long start = System.nanoTime();
        var benchmark = new MaskBenchmark(tokenizer);
        benchmark.begun();
        System.out.printf(Locale.ROOT, "%d tokens; the vocabulary's first look took %.0f ms%n%n%s%n|%s%n",
                tokenizer.vocabularySize(), (System.nanoTime() - start) / 1e6, Cost.HEADER, "---|".repeat(8));
        for (var which : MaskCases.all()) {
            System.out.println(benchmark.measure(which, WARM_UPS));
        }
    }
}
