package dev.pareto.engine.serve;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.TokenLogprob;

/** A listener that keeps what it hears. */
final class Heard implements GenerationListener {

    final List<TextDelta> deltas = new ArrayList<>();
    @Nullable
    GenerationResult result;
    @Nullable
    EngineException failure;
    int ends;

    @Override
    public void onText(TextDelta delta) {
        if (ends > 0) {
            throw new IllegalStateException("text after the end");
        }
        deltas.add(delta);
    }

    @Override
    public void onFinish(GenerationResult how) {
        result = how;
        ends++;
    }

    @Override
    public void onError(EngineException how) {
        failure = how;
        ends++;
    }

    String text() {
        return String.join("", deltas.stream().map(TextDelta::text).toList());
    }

    List<TokenLogprob> logprobs() {
        return deltas.stream().flatMap(delta -> delta.logprobs().stream()).toList();
    }

    GenerationResult requireResult() {
        if (result == null || ends != 1) {
            throw new AssertionError("no result but " + ends + " ends, failure " + failure);
        }
        return result;
    }

    EngineException requireFailure() {
        if (failure == null || ends != 1) {
            throw new AssertionError("no failure but " + ends + " ends, result " + result);
        }
        return failure;
    }
}
