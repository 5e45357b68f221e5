package dev.pareto.policies.experiment;

import dev.pareto.policies.catalog.ModelId;
import java.time.Duration;
import java.util.List;

/**
 * A small share of a route's users, chosen at random, that stays with the baseline for good, so that what the gateway saves can be
 * measured. It is an experiment without an end: its requests are recorded as those of experiments are, and those of a further share, which
 * is served as ever, to be held against them. Requests of a running experiment belong to that alone. Who does not say who he is has
 * each request assigned by itself.
 */
public final class HoldOut {

    /** Under which its requests are recorded; no experiment may be called so. */
    public static final String NAME = "hold-out";
    public static final int RUN = 1;
    /** The arm that the baseline serves. */
    public static final String HELD = "held";
    /** The arm that is served as everybody else. */
    public static final String COMPARED = "compared";
    /** More would be no small share. */
    public static final double MOST = 0.5;

    /** So many compared for each held out: more would hardly make the difference surer. */
    private static final double COMPARED_FOR_EACH = 5;

    private HoldOut() {}

    /**
     * @param baseline that the held-out requests go to
     * @param share above 0 and at most {@link #MOST}
     */
    public static Experiments.Current on(String route, ModelId baseline, double share) {
        if (!(share > 0 && share <= MOST)) {
            throw new IllegalArgumentException("a hold-out is above 0 % and at most " + Math.round(100 * MOST) + " %");
        }
        double traffic = Math.min(1, share * (1 + COMPARED_FOR_EACH));
        double held = share / traffic;
        return new Experiments.Current(new ExperimentPlan(NAME, "the baseline costs more", route, Audience.ALL, traffic,
                List.of(new Arm(HELD, baseline, null, null, held), new Arm(COMPARED, null, null, null, 1 - held)),
                Unit.USER, MissingUnit.REQUEST, NAME + "/" + route, Metric.named("cost"), new Tolerance(0.01, true),
                List.of(), List.of(), Duration.ofMinutes(5), StopRule.DEFAULT, Duration.ZERO), RUN, false);
    }
}
