package dev.pareto.evals.stats.arms;

import dev.pareto.evals.stats.Quantiles;

/**
 * Two one-sided tests (Schuirmann 1987): a small {@code nonInferiorityP} speaks for "at most the margin worse", a small
 * {@code equivalenceP} for "within the margin either way".
 *
 * @param zLower statistic at minus the margin
 * @param nonInferiorityP its one-sided p value
 * @param zUpper statistic at the margin
 * @param nonSuperiorityP its one-sided p value
 * @param equivalenceP the larger of the two
 */
public record Equivalence(double zLower, double nonInferiorityP, double zUpper, double nonSuperiorityP,
        double equivalenceP) {

    static Equivalence of(double zLower, double zUpper) {
        double nonInferior = Quantiles.normalUpperTail(zLower);
        double nonSuperior = Quantiles.normalCumulative(zUpper);
        return new Equivalence(zLower, nonInferior, zUpper, nonSuperior, Math.max(nonInferior, nonSuperior));
    }
}
