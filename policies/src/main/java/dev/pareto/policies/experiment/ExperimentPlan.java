package dev.pareto.policies.experiment;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.Assignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of two or more ways of answering, as {@code pareto.yaml} states it.
 *
 * @param hypothesis one sentence for people
 * @param route whose requests take part
 * @param audience which of them
 * @param traffic the share of those units that takes part, above 0
 * @param arms the control first
 * @param unit whose requests stay together
 * @param missing what becomes of requests that do not name it
 * @param salt of the assignment; null for one that each run has for itself
 * @param primary the metric that decides
 * @param effect the least difference in it that matters; an arm whose interval lies within it counts as no different
 * @param guards what stops the experiment
 * @param also metrics that are shown besides
 * @param retryWindow within which the same question of the same asker counts as asked again
 * @param before how long before the start units are watched, for the reduction of variance; zero for not at all
 */
public record ExperimentPlan(String name, String hypothesis, String route, Audience audience, double traffic,
        List<Arm> arms, Unit unit, MissingUnit missing, @Nullable String salt, Metric primary, Tolerance effect,
        List<Guard> guards, List<Metric> also, Duration retryWindow, StopRule stop, Duration before) {

    private static final int MOST_ARMS = 10;
    private static final double ROUNDING = 1e-9;

    public ExperimentPlan {
        requireNonNull(route, "route is null");
        requireNonNull(audience, "audience is null");
        requireNonNull(unit, "unit is null");
        requireNonNull(missing, "missing is null");
        requireNonNull(primary, "primary is null");
        requireNonNull(effect, "effect is null");
        requireNonNull(stop, "stop is null");
        arms = List.copyOf(arms);
        guards = List.copyOf(guards);
        also = List.copyOf(also);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException(
                    "an experiment's name has 1 to 64 letters, digits, dots or dashes, not '" + name + "'");
        }
        if (hypothesis.isBlank()) {
            throw new IllegalArgumentException("say in one sentence what is expected, under 'hypothesis'");
        }
        if (arms.size() < 2 || arms.size() > MOST_ARMS) {
            throw new IllegalArgumentException("it needs 2 to " + MOST_ARMS + " arms, has " + arms.size());
        }
        double sum = arms.stream().mapToDouble(Arm::weight).sum();
        if (Math.abs(sum - 1) > ROUNDING) {
            throw new IllegalArgumentException("the arms' weights must sum to 100 %, not to "
                    + Math.round(sum * 1e6) / 1e4 + " %; 'traffic' says how much of the route takes part");
        }
        if (!(traffic > 0 && traffic <= 1)) {
            throw new IllegalArgumentException("traffic must be above 0 % and at most 100 %");
        }
        Set<String> guarded = new HashSet<>();
        guards.forEach(guard -> {
            if (!guarded.add(guard.metric().name())) {
                throw new IllegalArgumentException("guard " + guard.metric().name() + " is given twice");
            }
        });
        if (retryWindow.isNegative() || retryWindow.isZero() || retryWindow.compareTo(Duration.ofHours(24)) > 0) {
            throw new IllegalArgumentException("retry-window must be above zero and at most 24 h");
        }
        if (before.isNegative() || before.compareTo(Duration.ofDays(90)) > 0) {
            throw new IllegalArgumentException("before must be 0 to 90 d");
        }
    }

    public Arm control() {
        return arms.getFirst();
    }

    /** The arms that are compared with the control. */
    public List<Arm> treatments() {
        return arms.subList(1, arms.size());
    }

    /** Every metric that is computed, the primary first, none twice. */
    public List<Metric> metrics() {
        Set<String> names = new LinkedHashSet<>();
        List<Metric> metrics = new ArrayList<>();
        List<Metric> all = new ArrayList<>(List.of(primary));
        guards.forEach(guard -> all.add(guard.metric()));
        all.addAll(also);
        for (Metric metric : all) {
            if (names.add(metric.name())) {
                metrics.add(metric);
            }
        }
        return metrics;
    }

    /**
     * Which arm a request belongs to: the same for all requests of a unit, whichever gateway and however often it was restarted.
     *
     * @param run which of its runs it is, from 1
     * @return null when the request takes no part
     */
    public @Nullable Assigned assign(Who who, Map<String, String> tags, int run) {
        String name = audience.holds(tags) ? who.unit(unit, missing) : null;
        String salted = salt == null ? this.name + "#" + run : salt;
        if (name == null || !Assignment.within(salted + "/traffic", name, traffic)) {
            return null;
        }
        double position = Assignment.position(salted, name);
        double upTo = 0;
        Arm arm = arms.getLast();
        for (Arm one : arms) {
            upTo += one.weight();
            if (position < upTo) {
                arm = one;
                break;
            }
        }
        // the name of the unit does not depend on the run, so that what was seen before the start belongs to it too
        return new Assigned(arm, Assignment.hash(this.name, name));
    }

    /**
     * Who got what.
     *
     * @param unit a hash of the unit's name, for nothing else is kept of it
     */
    public record Assigned(Arm arm, long unit) {}

    /** Whether no request can belong to both. */
    public boolean apartFrom(ExperimentPlan other) {
        return !route.equals(other.route) || audience.apartFrom(other.audience);
    }

    /** Changes with everything that makes results before and after incomparable. */
    public String fingerprint() {
        return Long.toHexString(Assignment.hash("experiment",
                String.join("|", route, audience.toString(), Double.toString(traffic), arms.toString(),
                        unit.toString(), missing.toString(), String.valueOf(salt), primary.toString(),
                        effect.toString(), guards.toString(), stop.toString())));
    }
}
