package dev.pareto.policies.experiment;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.IllegalMoveException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where an experiment stands. Each move returns the next value or is refused.
 *
 * @param run how often it was started
 * @param since when it came to this state
 * @param startedAt of this run; null before the first
 * @param fingerprint of the plan by which it runs or ran; null before the first start
 * @param winner the arm that a person chose; null until then
 */
public record Experiment(String name, int run, State state, Instant since, @Nullable Instant startedAt,
        @Nullable String fingerprint, String by, String reason, @Nullable String winner) {

    /** The life of an experiment. Only RUNNING assigns anybody to anything. */
    public enum State {
        /** Stated, not started. */
        DRAFT,
        /** Traffic is split. */
        RUNNING,
        /** Ended by its rule, a guard or a person; the route serves as ever. */
        STOPPED,
        /** A person has said what follows. */
        CONCLUDED
    }

    public Experiment {
        requireNonNull(name, "name is null");
        requireNonNull(state, "state is null");
        requireNonNull(since, "since is null");
        if (by.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("say who decides and why");
        }
    }

    public static Experiment draft(String name, Instant now) {
        return new Experiment(name, 0, State.DRAFT, now, null, null, "configuration", "stated", null);
    }

    /** Begins a new run. */
    public Experiment start(ExperimentPlan plan, String who, String why, Instant now) {
        if (state == State.RUNNING) {
            throw new IllegalMoveException(name + " is running already, since " + startedAt);
        }
        return new Experiment(name, run + 1, State.RUNNING, now, now, plan.fingerprint(), who, why, null);
    }

    /** Gives the traffic back. */
    public Experiment stop(String who, String why, Instant now) {
        if (state != State.RUNNING) {
            throw new IllegalMoveException(name + " is not running; it is " + state);
        }
        return new Experiment(name, run, State.STOPPED, now, startedAt, fingerprint, who, why, null);
    }

    /** Says what follows from it; stops it where it runs. */
    public Experiment conclude(ExperimentPlan plan, String arm, String who, String why, Instant now) {
        if (state != State.RUNNING && state != State.STOPPED) {
            throw new IllegalMoveException(name + " has nothing to conclude from; it is " + state);
        }
        if (plan.arms().stream().noneMatch(one -> one.name().equals(arm))) {
            throw new IllegalArgumentException("it has no arm '" + arm + "'; its arms are "
                    + String.join(", ", plan.arms().stream().map(Arm::name).toList()));
        }
        return new Experiment(name, run, State.CONCLUDED, now, startedAt, fingerprint, who, why, arm);
    }
}
