package dev.pareto.engine;

/** How keys and values of a cache are stored. Attention computes in floats whatever the type. */
public enum CacheType {

    /** As they are computed: four bytes a number. */
    F32,
    /**
     * As IEEE halves, which take half the memory and bandwidth and keep 11 bits of each number: about as far from F32 as
     * another order of sums is. Numbers beyond 65504 are kept as that.
     */
    F16,
    /**
     * As signed bytes with a float for each 32 numbers of a head (and for what is left where its width is no multiple of
     * 32), which take 28 % of the memory of floats. A number is at most 1/254 of the largest of its 32 off.
     */
    Q8_0
}
