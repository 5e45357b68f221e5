package dev.pareto.engine.residency;

import java.time.Duration;

/**
 * How much memory all models together may take, and how long an unused one stays.
 *
 * @param memoryBytes for everything, mapped weights included
 * @param heapBytes for what of it lies on the heap
 * @param unloadAfter since its last request ended
 */
public record ResidencyLimits(long memoryBytes, long heapBytes, Duration unloadAfter) {

    /** Checks the ranges. */
    public ResidencyLimits {
        if (memoryBytes < 1 || heapBytes < 1) {
            throw new IllegalArgumentException(
                    "memory for models is " + memoryBytes + " and " + heapBytes + " bytes; both must be positive");
        }
        if (!unloadAfter.isPositive()) {
            throw new IllegalArgumentException("unloadAfter is " + unloadAfter + "; it must be positive");
        }
    }

    /** Whether models that take so much together may be loaded. */
    boolean hold(Footprint all) {
        return all.total() <= memoryBytes && all.heap() <= heapBytes;
    }

    /** For people: the limit that these do not fit into. */
    String words(Footprint all) {
        return all.total() > memoryBytes
                ? Footprint.words(memoryBytes)
                : Footprint.words(heapBytes) + " of the heap";
    }
}
