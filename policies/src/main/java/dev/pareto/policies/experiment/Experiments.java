package dev.pareto.policies.experiment;

import java.util.List;

/** The experiments that requests of a route may belong to now. Answers from memory. */
@FunctionalInterface
public interface Experiments {

    Experiments NONE = route -> List.of();

    /**
     * An experiment in force.
     *
     * @param run the run that is under way, or the one that would be next
     * @param before whether requests are only watched, for it has not started
     */
    record Current(ExperimentPlan plan, int run, boolean before) {}

    /** No request belongs to two experiments that are running; a route's hold-out comes last and takes of those that are left. */
    List<Current> on(String route);
}
