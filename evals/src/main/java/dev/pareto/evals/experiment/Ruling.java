package dev.pareto.evals.experiment;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

import dev.pareto.evals.experiment.Findings.ArmCount;
import dev.pareto.evals.experiment.Findings.Difference;
import dev.pareto.evals.experiment.Findings.GuardState;
import dev.pareto.evals.experiment.Findings.Verdict;
import dev.pareto.policies.experiment.ExperimentPlan;

/**
 * Whether an experiment goes on.
 *
 * @param kind why it ends; CONTINUE when it does not
 * @param reason one sentence for people
 */
public record Ruling(Kind kind, String reason) {

    /** In the order in which they are asked: what harms ends it first. */
    public enum Kind {
        /** An arm is worse than is tolerated. */
        GUARD,
        /** Traffic is not split as stated, so nothing that was found means anything. */
        SPLIT,
        /** Every arm is decided. */
        DECIDED,
        /** Time or units are used up. */
        EXHAUSTED, CONTINUE
    }

    public static Ruling of(ExperimentPlan plan, Findings findings, Instant startedAt, Instant now) {
        Optional<GuardState> alarm = findings.guards().stream().filter(GuardState::alarm).findFirst();
        if (alarm.isPresent()) {
            GuardState guard = alarm.get();
            return new Ruling(Kind.GUARD, "guard " + guard.metric() + ": arm " + guard.arm()
                    + " is worse than the control by more than " + number(guard.tolerance() * (guard.relative()
                            ? 100
                            : 1))
                    + (guard.relative() ? " %" : "") + figures(findings, guard)
                    + "; false-alarm probability of all guards "
                    + number(100 * plan.stop().guardAlpha()) + " %");
        }
        if (findings.split().mismatch()) {
            return new Ruling(Kind.SPLIT,
                    "the units are not split as stated (" + String.join(", ",
                            findings.arms().stream().map(arm -> arm.arm() + " " + arm.units()).toList())
                            + "); something loses or doubles requests of an arm, and the results mean nothing");
        }
        if (plan.stop().early() && findings.differences()
                .stream()
                .filter(Difference::primary)
                .noneMatch(
                        one -> one.verdict() == Verdict.UNDECIDED)) {
            return new Ruling(Kind.DECIDED, decided(findings));
        }
        if (findings.units() >= plan.stop().most()) {
            return new Ruling(Kind.EXHAUSTED, "all " + plan.stop().most() + " units are in; " + decided(findings));
        }
        if (!now.isBefore(startedAt.plus(plan.stop().horizon()))) {
            return new Ruling(Kind.EXHAUSTED, "it ran for " + days(plan.stop().horizon()) + "; " + decided(findings));
        }
        return new Ruling(Kind.CONTINUE, decided(findings));
    }

    private static String decided(Findings findings) {
        return String.join("; ",
                findings.differences().stream().filter(Difference::primary).map(Ruling::sentence).toList());
    }

    private static String sentence(Difference one) {
        String what = switch (one.verdict()) {
            case BETTER -> "is better than the control";
            case WORSE -> "is worse than the control";
            case NO_DIFFERENCE -> "makes no difference that matters";
            case UNDECIDED -> "is undecided";
        };
        String by = one.difference() == null
                ? ""
                : " (" + one.metric() + " " + signed(one.difference())
                        + (one.lower() == null || one.upper() == null
                                ? ""
                                : ", always-valid interval " + signed(one.lower()) + " to " + signed(one.upper()))
                        + ")";
        return "arm " + one.arm() + " " + what + by;
    }

    private static String figures(Findings findings, GuardState guard) {
        String control = findings.arms().getFirst().arm();
        return " (" + value(findings, guard.arm(), guard.metric()) + " against "
                + value(findings, control, guard.metric()) + ")";
    }

    private static String value(Findings findings, String arm, String metric) {
        for (ArmCount count : findings.arms()) {
            Double value = count.arm().equals(arm) ? count.values().get(metric) : null;
            if (value != null) {
                return number(value);
            }
        }
        return "unknown";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value).replaceFirst("(\\.\\d*?)0+$", "$1").replaceFirst("\\.$", "");
    }

    private static String signed(double value) {
        return (value > 0 ? "+" : "") + number(value);
    }

    private static String days(Duration horizon) {
        return horizon.toHours() % 24 == 0 && horizon.toDays() > 0
                ? horizon.toDays() + " d"
                : horizon.toHours() > 0 ? horizon.toHours() + " h" : horizon.toSeconds() + " s";
    }
}
