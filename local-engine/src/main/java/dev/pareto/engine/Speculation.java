package dev.pareto.engine;

import java.util.Map;

/**
 * How the engine guesses tokens of answers ahead, so that one step of the model checks several. What is drawn stays what
 * it would be without: each token is drawn from the model's own numbers, and a guess only counts where it was drawn.
 *
 * @param lookup whether to guess what followed the last tokens when they stood in prompt or answer before
 * @param drafts by the name of a model the name of a smaller one in the same folder and of the same vocabulary that guesses
 *            for it
 * @param mostTokens guessed at once, 1 to {@link #MAX_TOKENS}; how many it really is follows how many are right
 * @param mostRunning requests up to which anything is guessed, 1 to {@link #MAX_RUNNING}: larger batches are busy enough
 */
public record Speculation(boolean lookup, Map<String, String> drafts, int mostTokens, int mostRunning) {

    /** The most tokens that may be guessed at once. */
    public static final int MAX_TOKENS = 16;
    /** The most requests that may be guessed for side by side. */
    public static final int MAX_RUNNING = 16;

    /** Nothing is guessed. */
    public static final Speculation OFF = new Speculation(false, Map.of(), 8, 3);
    /** Guesses are looked up. */
    public static final Speculation LOOKUP = new Speculation(true, Map.of(), 8, 3);

    /** Checks the ranges and copies. */
    public Speculation {
        drafts = Map.copyOf(drafts);
        check(mostTokens >= 1 && mostTokens <= MAX_TOKENS,
                "mostTokens is " + mostTokens + "; it must be 1 to " + MAX_TOKENS);
        check(mostRunning >= 1 && mostRunning <= MAX_RUNNING,
                "mostRunning is " + mostRunning + "; it must be 1 to " + MAX_RUNNING);
        drafts.forEach(
                (model, draft) -> check(!model.equals(draft), "the model " + model + " cannot draft for itself"));
    }

    private static void check(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
