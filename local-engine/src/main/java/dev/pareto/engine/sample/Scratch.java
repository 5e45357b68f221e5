package dev.pareto.engine.sample;

import java.util.random.RandomGenerator;

/**
 * Working memory for a vocabulary, shared by every sampler of one compute thread, so that drawing a token makes no
 * garbage: 20 bytes a token of the vocabulary. Not thread-safe.
 */
public final class Scratch {

    final int vocabulary;
    /** Logits after bias and penalties. */
    final float[] logits;
    /** Candidates, packed by {@link Ranking}. */
    final long[] keys;
    /** Unnormalised probabilities: of the candidates, or of the whole vocabulary. */
    final double[] weights;

    /** For vocabularies of this size. */
    public Scratch(int vocabulary) {
        this.vocabulary = vocabulary;
        this.logits = new float[vocabulary];
        this.keys = new long[vocabulary];
        this.weights = new double[vocabulary];
    }

    /** An index below {@code count} with a probability in proportion to its weight. */
    int pick(int count, RandomGenerator random) {
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += weights[i];
        }
        double rest = random.nextDouble() * total;
        int last = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] > 0) {
                last = i;
                rest -= weights[i];
                if (rest < 0) {
                    break;
                }
            }
        }
        return last;
    }
}
