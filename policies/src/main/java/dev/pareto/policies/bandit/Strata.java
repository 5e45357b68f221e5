package dev.pareto.policies.bandit;

import dev.pareto.policies.swap.Assignment;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Numbers in [0, 1), each uniform, spread evenly over every {@value #BLOCK} of them: a permuted block design. A share of 3 % is met about
 * twice in each block instead of anywhere between never and six times, and nobody outside can tell when. Not thread-safe.
 */
final class Strata {

    static final int BLOCK = 64;

    private final String salt;
    private long block = -1;
    private int[] places = new int[0];

    Strata(long seed) {
        this.salt = "bandit " + seed;
    }

    double position(long draw) {
        long wanted = draw / BLOCK;
        if (wanted != block) {
            places = IntStream.range(0, BLOCK)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> Assignment.position(salt, wanted + " " + i)))
                    .mapToInt(Integer::intValue)
                    .toArray();
            block = wanted;
        }
        return (places[(int) (draw % BLOCK)] + Assignment.position(salt, "within " + draw)) / BLOCK;
    }
}
