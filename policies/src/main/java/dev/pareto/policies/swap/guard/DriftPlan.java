package dev.pareto.policies.swap.guard;

/**
 * How far live requests may differ from those that the evidence rests on.
 *
 * @param bound of the population stability index of any feature
 * @param least requests before anything is said
 * @param window requests after which counting begins anew, so that what is long past does not hide the present
 */
public record DriftPlan(double bound, int least, int window) {

    /** The bound of common usage, at which people look into it. */
    public static final DriftPlan DEFAULT = new DriftPlan(0.2, 500, 2_000);

    public DriftPlan {
        if (!(bound > 0 && bound <= 10)) {
            throw new IllegalArgumentException("bound must be above 0 and at most 10, got " + bound);
        }
        if (least < 100 || window < least || window > 1_000_000) {
            throw new IllegalArgumentException("least must be 100 or more and window least to 1000000, got " + least
                    + " and " + window);
        }
    }
}
