package dev.pareto.evals.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.pareto.policies.swap.Outcome;

import org.jspecify.annotations.Nullable;

/** What follows from quality and guards: good enough in every respect, or not. */
final class Decisions {

    private final Design design;

    Decisions(Design design) {
        this.design = design;
    }

    Verdict.Decision decide(Verdict.Quality quality, List<Verdict.Guard> guards, List<Verdict.Slice> slices,
            List<String> invalid, @Nullable Boolean preregisteredBeforeData) {
        List<String> reasons = new ArrayList<>(invalid);
        reasons.add(String.format(Locale.ROOT, "quality %s at a margin of %s points", quality.verdict(),
                Sentence.points(design.margin())));
        if (quality.interval() == null) {
            reasons.add(quality.intervalKind());
        }
        Verdict.SecondOpinion second = quality.secondOpinion();
        if (second != null && !second.agrees()) {
            reasons.add(second.kind() + " says " + second.verdict());
        }
        Verdict.HumanLabels human = quality.human();
        if (human != null && human.unused() != null) {
            reasons.add("people's labels were not used: " + human.unused());
        }
        if (Boolean.FALSE.equals(preregisteredBeforeData)) {
            reasons.add("some answers were known before the design was written down");
        }
        List<String> blocked = new ArrayList<>();
        for (Verdict.Guard guard : guards) {
            if (guard.verdict().blocks()) {
                blocked.add("guard " + guard.metric() + " is " + guard.verdict());
            }
        }
        for (Verdict.Slice slice : slices) {
            Outcome outcome = slice.verdict();
            if (outcome != null && !outcome.goodEnough()) {
                blocked.add("critical slice " + slice.name() + " is " + outcome);
            }
            if (slice.flagged()) {
                reasons.add("slice " + slice.name() + " is worse");
            }
        }
        long passed = guards.stream().filter(guard -> guard.verdict() == Verdict.GuardVerdict.PASS).count();
        if (passed > 0) {
            reasons.add(passed + " guards pass");
        }
        Verdict.Action action = action(quality.verdict(), blocked.isEmpty());
        return new Verdict.Decision(action, "OFFLINE", action == Verdict.Action.ADVANCE ? "SHADOW" : null, reasons,
                blocked);
    }

    private static Verdict.Action action(Outcome quality, boolean free) {
        return switch (quality) {
            case SUPERIOR, NON_INFERIOR -> free ? Verdict.Action.ADVANCE : Verdict.Action.HOLD;
            case INFERIOR -> Verdict.Action.REJECT;
            case INCONCLUSIVE -> Verdict.Action.NEED_DATA;
            case INVALID -> Verdict.Action.INVALID;
        };
    }
}
