package dev.pareto.evals.check;

/**
 * One thing that was checked.
 *
 * @param what e.g. {@code quality.interval.lower}
 * @param holds whether the record says what follows from the records
 * @param stated what the verdict says
 * @param computed what follows
 */
public record Finding(String what, boolean holds, String stated, String computed) {}
