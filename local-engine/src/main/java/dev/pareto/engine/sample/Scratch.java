package dev.pareto.engine.sample;

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
}
