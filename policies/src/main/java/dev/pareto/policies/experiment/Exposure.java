package dev.pareto.policies.experiment;

import static java.util.Objects.requireNonNull;

/**
 * That a request took part in an experiment; kept before a byte goes upstream. Whoever answers in the end, it counts for this arm.
 *
 * @param run which of the experiment's runs
 * @param arm the arm that it was assigned to
 * @param before whether it was only watched, before the start
 * @param unit a hash of the unit's name
 * @param ask a hash of who asked what, to tell when it is asked again
 * @param delivered whether the arm's treatment was applied: false where the swap's gate or a constraint forbade it
 * @param down whether nothing but its model being down kept the treatment from being applied; that is a failure of the arm
 */
public record Exposure(String experiment, int run, String arm, boolean before, long unit, long ask,
        boolean delivered, boolean down) {

    public Exposure {
        requireNonNull(experiment, "experiment is null");
        requireNonNull(arm, "arm is null");
    }
}
