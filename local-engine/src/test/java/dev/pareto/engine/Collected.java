package dev.pareto.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One answer collected: its deltas and how it ended. */
final class Collected implements GenerationListener {

    private final List<TextDelta> deltas = new ArrayList<>();
    private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();

    /** Greedy, with the log-probability of each token. */
    static Collected greedy(LoadedModel model, int[] prompt, int maxTokens) {
        var collected = new Collected();
        var _ = model.generate(new GenerationRequest(prompt, maxTokens, Sampling.greedy(), List.of(), 0,
                Duration.ofMinutes(2)), collected);
        return collected;
    }

    @Override
    public void onText(TextDelta delta) {
        deltas.add(delta);
    }

    @Override
    public void onFinish(GenerationResult result) {
        end.complete(result);
    }

    @Override
    public void onError(EngineException failure) {
        end.completeExceptionally(failure);
    }

    GenerationResult result() {
        return end.join();
    }

    String text() {
        end.join();
        return String.join("", deltas.stream().map(TextDelta::text).toList());
    }

    List<Integer> tokens() {
        end.join();
        return deltas.stream().flatMap(delta -> delta.logprobs().stream()).map(TokenLogprob::token).toList();
    }

    List<TextDelta> deltas() {
        end.join();
        return deltas;
    }
}
