package dev.pareto.engine.serve;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.Speculation;

/** A scheduler that a test drives by hand, with a clock that it sets. */
final class Bench {

    final FakeModel model;
    final Scheduler scheduler;
    long nanos;
    private long nextSeed;

    Bench(FakeModel model) {
        this(model, settings(4, 4), Runnable::run);
    }

    Bench(FakeModel model, EngineSettings settings, Executor delivery) {
        this(model, null, settings, delivery);
    }

    /** With a model that drafts for the other. */
    Bench(FakeModel model, @Nullable FakeModel draft, EngineSettings settings, Executor delivery) {
        this.model = model;
        this.scheduler = new Scheduler("fake", model, draft, new FakeTokenizer(), settings, () -> nanos,
                () -> nextSeed++,
                delivery);
    }

    static EngineSettings settings(int running, int waiting) {
        return new EngineSettings(1, running, waiting, Duration.ofSeconds(60), Duration.ofSeconds(600), 1L << 30,
                CacheType.F32, 0, 32, EngineSettings.WHOLE_CHUNKS, 100, Duration.ZERO, Speculation.OFF);
    }

    static GenerationRequest request(int[] prompt, int maxTokens) {
        return GenerationRequest.of(prompt, maxTokens, Sampling.greedy(), Duration.ofHours(1));
    }

    /** A prompt of this length whose tokens depend on the salt. */
    static int[] prompt(int length, int salt) {
        var prompt = new int[length];
        Arrays.setAll(prompt, i -> (i * 31 + salt) % 256);
        return prompt;
    }

    Generation submit(GenerationRequest request, GenerationListener listener) {
        return scheduler.submit(request, listener);
    }

    Heard submit(GenerationRequest request) {
        var heard = new Heard();
        scheduler.submit(request, heard);
        return heard;
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) {
            scheduler.runOnce();
        }
    }

    void untilIdle() {
        while (scheduler.runOnce()) {
            if (model.batches.size() > 100_000) {
                throw new AssertionError("no end");
            }
        }
    }

    /** What a request gets when nothing else runs. */
    static Heard alone(FakeModel model, GenerationRequest request) {
        var bench = new Bench(model);
        var heard = bench.submit(request);
        bench.untilIdle();
        return heard;
    }
}
