package dev.pareto.engine.sample;

import java.util.Arrays;

import dev.pareto.engine.Sampling;

/**
 * Repetition, frequency and presence penalties over the last tokens. The repetition penalty counts prompt and answer, as
 * llama.cpp and vLLM do; the frequency and presence penalties count drawn tokens only, as OpenAI defines them.
 */
final class Penalties {

    private static final int FREE = -1;

    private final Sampling sampling;
    /** The window, oldest first from {@code head}; drawn tokens are stored complemented. */
    private int[] ring;
    private int head;
    private int size;

    /** Open addressing: a token stays in the table once seen, with counts that may fall to zero. */
    private int[] tokens = new int[64];
    private int[] seen = new int[64];
    private int[] drawn = new int[64];
    private int used;

    Penalties(Sampling sampling, int[] prompt) {
        this.sampling = sampling;
        this.ring = new int[sampling.penaltyWindow() == Sampling.WHOLE_CONTEXT
                ? prompt.length + 256
                : Math.min(sampling.penaltyWindow(), prompt.length + 256)];
        Arrays.fill(tokens, FREE);
        int window = sampling.penaltyWindow();
        int from = window == Sampling.WHOLE_CONTEXT ? 0 : Math.max(0, prompt.length - window);
        for (int i = from; i < prompt.length; i++) {
            push(prompt[i]);
        }
    }

    /** Counts a token that was drawn. */
    void accept(int token) {
        push(~token);
    }

    private void push(int entry) {
        if (size == sampling.penaltyWindow()) {
            count(ring[head], -1);
            head = (head + 1) % ring.length;
            size--;
        } else if (size == ring.length) {
            grow();
        }
        ring[(head + size) % ring.length] = entry;
        size++;
        count(entry, 1);
    }

    private void grow() {
        int most = sampling.penaltyWindow() == Sampling.WHOLE_CONTEXT ? Integer.MAX_VALUE : sampling.penaltyWindow();
        var larger = new int[Math.min(most, ring.length * 2)];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[(head + i) % ring.length];
        }
        ring = larger;
        head = 0;
    }

    private void count(int entry, int change) {
        int token = entry < 0 ? ~entry : entry;
        int slot = slot(token);
        if (tokens[slot] == FREE) {
            if (++used > tokens.length / 2) {
                rehash();
                slot = slot(token);
            }
            tokens[slot] = token;
        }
        seen[slot] += change;
        if (entry < 0) {
            drawn[slot] += change;
        }
    }

    private int slot(int token) {
        int mask = tokens.length - 1;
        int hash = token * 0x9E3779B9;
        int slot = (hash ^ hash >>> 16) & mask;
        while (tokens[slot] != FREE && tokens[slot] != token) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void rehash() {
        var oldTokens = tokens;
        var oldSeen = seen;
        var oldDrawn = drawn;
        tokens = new int[oldTokens.length * 2];
        seen = new int[tokens.length];
        drawn = new int[tokens.length];
        Arrays.fill(tokens, FREE);
        for (int i = 0; i < oldTokens.length; i++) {
            if (oldTokens[i] != FREE) {
                int slot = slot(oldTokens[i]);
                tokens[slot] = oldTokens[i];
                seen[slot] = oldSeen[i];
                drawn[slot] = oldDrawn[i];
            }
        }
    }

    /** Lowers the logits of the tokens of the window. */
    void apply(float[] logits) {
        float repetition = (float) sampling.repetitionPenalty();
        for (int slot = 0; slot < tokens.length; slot++) {
            if (seen[slot] == 0) {
                continue;
            }
            int token = tokens[slot];
            float logit = logits[token];
            logit = logit <= 0 ? logit * repetition : logit / repetition;
            if (drawn[slot] > 0) {
                logit -= (float) (drawn[slot] * sampling.frequencyPenalty() + sampling.presencePenalty());
            }
            logits[token] = logit;
        }
    }
}
