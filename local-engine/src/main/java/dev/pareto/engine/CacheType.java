package dev.pareto.engine;

/** How keys and values of a cache are stored. Attention computes in floats whatever the type. */
public enum CacheType {

    /** As they are computed. */
    F32(4),
    /**
     * As IEEE halves, which take half the memory and bandwidth and keep 11 bits of each number: about as far from F32 as
     * another order of sums is. Numbers beyond 65504 are kept as that.
     */
    F16(2);

    private final int bytes;

    CacheType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }
}
