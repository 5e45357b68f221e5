package dev.pareto.engine;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.pareto.engine.model.ReadingShape;
import dev.pareto.engine.serve.Passage;
import dev.pareto.engine.serve.Scheduler;
import dev.pareto.engine.serve.Vectors;

/** Embeddings and rankings of one loaded model: requests in, passages to the scheduler, results out. Thread-safe. */
final class TextReading {

    private final String name;
    private final ReadingProfile profile;
    private final ReadingShape shape;
    private final PairPrompts pairs;
    private final Scheduler scheduler;

    /** @param name of the model, for messages */
    TextReading(String name, ReadingProfile profile, ReadingShape shape, PairPrompts pairs, Scheduler scheduler) {
        this.name = name;
        this.profile = profile;
        this.shape = shape;
        this.pairs = pairs;
        this.scheduler = scheduler;
    }

    ReadingProfile profile() {
        return profile;
    }

    CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        var cut = request.dimensions();
        if (cut != null) {
            requireLength(cut);
        }
        var passages = request.inputs().stream().map(Passage::of).toList();
        return then(scheduler.embed(passages, request.tenant(), request.timeLimit()),
                vectors -> new EmbeddingResult(
                        cut == null ? vectors : vectors.stream().map(rows -> shortened(rows, cut)).toList(),
                        tokens(passages)));
    }

    private void requireLength(int dimensions) {
        if (dimensions < 1 || dimensions > profile.dimensions()) {
            throw new EngineException.InvalidRequest(
                    "dimensions is " + dimensions + "; the vectors of the model " + name
                            + " have " + profile.dimensions());
        }
        if (dimensions != profile.dimensions() && !(profile.embeds() && profile.shortened().allows(dimensions))) {
            throw new EngineException.InvalidRequest(
                    "the vectors of the model " + name + " cannot be cut to " + dimensions
                            + " of their " + profile.dimensions()
                            + " dimensions: its file does not say that it was trained for it");
        }
    }

    private static float[][] shortened(float[][] rows, int dimensions) {
        var cut = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            cut[i] = Vectors.unit(Arrays.copyOf(rows[i], dimensions));
        }
        return cut;
    }

    CompletableFuture<RerankResult> rerank(RerankRequest request) {
        if (shape.labels() > 1 && !shape.shares()) {
            throw new EngineException.InvalidRequest("the model " + name + " tells " + shape.labels()
                    + " kinds of text apart; a ranking needs one that gives one score");
        }
        var passages = pairs.passages(request.query(), request.documents());
        return then(scheduler.score(passages, request.tenant(), request.timeLimit()),
                scores -> new RerankResult(scores.stream().map(rows -> score(rows[0][0])).toList(), tokens(passages)));
    }

    private RerankResult.Score score(double raw) {
        return new RerankResult.Score(raw, shape.shares() ? raw : 1 / (1 + Math.exp(-raw)));
    }

    private static int tokens(List<Passage> passages) {
        return passages.stream().mapToInt(passage -> passage.tokens().length).sum();
    }

    /** What is made of a result; unlike a plain dependent future it hands a cancel on and a failure as it is. */
    private static <T, R> CompletableFuture<R> then(CompletableFuture<T> work, Function<T, R> step) {
        var after = new CompletableFuture<R>();
        var _ = work.whenComplete((value, failure) -> {
            if (failure != null) {
                after.completeExceptionally(failure);
                return;
            }
            try {
                after.complete(step.apply(value));
            } catch (RuntimeException | Error e) {
                after.completeExceptionally(e);
            }
        });
        var _ = after.whenComplete((_, _) -> work.cancel(false));
        return after;
    }
}
