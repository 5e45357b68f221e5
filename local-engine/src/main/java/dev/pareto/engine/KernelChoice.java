package dev.pareto.engine;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The loops that compute, chosen once for this machine.
 *
 * @param name short: {@code vector-512} for the width of the vectors in bits, {@code +vnni} behind it where machine code of
 *            our own multiplies bytes, or {@code scalar}
 * @param why these; where they are the slow ones also how to get the fast ones
 * @param copied the types whose weights are multiplied, at least with single tokens, from a copy in another layout, as far as
 *            {@link EngineSettings#copyBytes} has room
 */
public record KernelChoice(String name, String why, SortedSet<String> copied) {

    /** Copies. */
    public KernelChoice {
        copied = Collections.unmodifiableSortedSet(new TreeSet<>(copied));
    }
}
