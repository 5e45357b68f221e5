package dev.pareto.engine;

/**
 * Hears an answer as it grows. Calls for one request come one at a time and in order, never on the thread that computes:
 * a listener may block. While it does, its own request pauses once a bounded number of deltas wait; others go on. Exactly
 * one of {@link #onFinish} and {@link #onError} comes, last. What a listener throws is logged and cancels its request;
 * the end is still told.
 */
public interface GenerationListener {

    /** More text. */
    void onText(TextDelta delta);

    /** The end, also of a cancelled answer or one cut by its time limit. */
    void onFinish(GenerationResult result);

    /** The end without a usable answer. */
    void onError(EngineException failure);
}
