package dev.pareto.engine.model;

/** One thread's scratch space for attention, shared by all layers. Arrays grow to what the longest sequence asked for. */
final class HeadScratch {

    final float[] fourSums = new float[4];
    private float[] scores = new float[0];
    private float[] page = new float[0];

    /** Room for scores. */
    float[] scores(int size) {
        if (scores.length < size) {
            scores = new float[Math.max(size, 2 * scores.length)];
        }
        return scores;
    }

    /** Room for one head's part of a page as floats. */
    float[] page(int size) {
        if (page.length < size) {
            page = new float[size];
        }
        return page;
    }
}
