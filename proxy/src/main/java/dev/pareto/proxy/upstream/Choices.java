package dev.pareto.proxy.upstream;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.TextDelta;
import dev.pareto.proxy.dialect.openai.AnswerWriter.Tokens;

/**
 * The answers to one request while they are made side by side. The first that fails ends them all; usage is told when the last
 * is done. Thread-safe.
 */
final class Choices {

    private final ChoiceListener listener;
    private final List<Generation> generations = new CopyOnWriteArrayList<>();
    private volatile boolean cancelled;
    /** From here on guarded by this. */
    private int open;
    private long completionTokens;

    Choices(ChoiceListener listener) {
        this.listener = listener;
    }

    /**
     * Begins one answer for each request, all of the same prompt; to be called once.
     *
     * @throws EngineException if the model refuses one of them; none is under way then
     */
    void begin(LoadedModel model, List<GenerationRequest> requests) {
        synchronized (this) {
            open = requests.size();
        }
        boolean begun = false;
        try {
            for (int i = 0; i < requests.size(); i++) {
                generations.add(model.generate(requests.get(i), new One(i)));
            }
            begun = true;
        } finally {
            if (!begun) {
                end();
                cancel();
            } else if (cancelled) { // while the list grew
                cancel();
            }
        }
    }

    /** Gives all up. Never blocks. */
    void cancel() {
        cancelled = true;
        generations.forEach(Generation::cancel);
    }

    private synchronized void end() {
        open = 0;
    }

    private synchronized void text(int index, TextDelta delta) {
        if (open > 0) {
            listener.text(index, delta);
        }
    }

    private synchronized void finish(int index, GenerationResult result) {
        if (open == 0) {
            return;
        }
        if (result.reason() == FinishReason.TIME_LIMIT) {
            open = 0;
            cancel();
            listener.late();
            return;
        }
        listener.end(index, result.reason() == FinishReason.LENGTH ? "length" : "stop");
        completionTokens += result.completionTokens();
        if (--open == 0) {
            listener.complete(new Tokens(result.promptTokens(), result.cachedTokens(), completionTokens));
        }
    }

    private synchronized void fail(EngineException failure) {
        if (open > 0) {
            open = 0;
            cancel();
            listener.failed(failure);
        }
    }

    private final class One implements GenerationListener {

        private final int index;

        One(int index) {
            this.index = index;
        }

        @Override
        public void onText(TextDelta delta) {
            text(index, delta);
        }

        @Override
        public void onFinish(GenerationResult result) {
            finish(index, result);
        }

        @Override
        public void onError(EngineException failure) {
            fail(failure);
        }
    }
}
