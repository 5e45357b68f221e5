package dev.pareto.engine.model;

/** One half of a layer, made ready at load for what its description asks, so that nothing is decided per token. */
interface Block {

    /**
     * @param x normed states {@code [token][embedding]}, left as they are
     * @param y results of the same shape, overwritten
     */
    void run(Batch batch, float[] x, float[] y);

    /** A half that looks back and so has keys and values in the cache. */
    interface Attending extends Block {

        /** What it keeps of each token. */
        KvLayout.Row cacheRow();
    }
}
