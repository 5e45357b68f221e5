package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.TracePoint;
import dev.pareto.policies.decide.Replacement;
import dev.pareto.policies.swap.Hold;
import dev.pareto.policies.swap.IllegalMoveException;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.proxy.swap.SwapView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One swap for its page: the whole way with where it is, what people may do, how it came here.
 *
 * @param now by the clock that moves it
 * @param speed how many seconds of that clock pass in one of the world's
 * @param steps from evidence to open
 * @param actions all there are, each with what it would do or why it may not be done
 * @param moves newest first
 * @param trace how the guards went, oldest first
 * @param feedback what callers said of its answers, newest first
 */
record SwapStory(SwapView swap, String incumbent, Instant now, int speed, @Nullable VerdictRow verdict,
        List<Step> steps, List<Action> actions, List<SwapApi.MoveView> moves, List<Point> trace,
        List<FeedbackApi.FeedbackView> feedback) {

    private static final SwapMachine MACHINE = new SwapMachine();

    /** Whether a step lies behind, here or ahead. */
    enum Place {
        BEHIND, HERE, AHEAD
    }

    /**
     * A step of the way.
     *
     * @param share of the callers that the candidate serves there; of shadow the share that is copied
     * @param elapsedSeconds since it began; null unless it is here and lasts a while
     * @param seconds that it lasts at least; null where time plays no part
     * @param seen answers of the candidate so far; null unless it is here and counts them
     * @param needed answers that it takes at least; null where none are needed
     */
    record Step(String name, @Nullable Double share, Place place, @Nullable Long elapsedSeconds,
            @Nullable Long seconds, @Nullable Long seen, @Nullable Integer needed) {}

    /**
     * What a person may do.
     *
     * @param does in a sentence
     * @param refused why not now; null when it may be done
     */
    record Action(String action, String does, @Nullable String refused) {}

    /** Statistics of guards are ln of e-values, of inputs population stability indices. */
    record Point(Instant at, String state, double share, long seen, Map<String, Double> guards,
            TracePoint.@Nullable Pairs pairs, Map<String, Double> inputs) {

        static Point of(TracePoint point) {
            return new Point(point.at(), point.state(), point.share(), point.seen(), point.logStatistics(),
                    point.pairs(), point.inputs());
        }
    }

    static List<Step> steps(Swap swap, SwapPlan plan, Instant now) {
        List<Step> steps = new ArrayList<>();
        int here = here(swap, plan);
        steps.add(step(steps.size(), here, "Evidence", null, swap, plan, now));
        if (plan.shadow().wanted()) {
            steps.add(step(steps.size(), here, "Shadow", plan.shadow().sample(), swap, plan, now));
        }
        for (double share : plan.ramp()) {
            if (share < plan.openShare()) {
                steps.add(step(steps.size(), here, percent(share), share, swap, plan, now));
            }
        }
        steps.add(step(steps.size(), here, "Open", plan.openShare(), swap, plan, now));
        return steps;
    }

    private static int here(Swap swap, SwapPlan plan) {
        int shadow = plan.shadow().wanted() ? 1 : 0;
        long ramp = plan.ramp().stream().filter(share -> share < plan.openShare()).count();
        return switch (swap.state()) {
            case CLOSED, OFFLINE, ROLLED_BACK, STALE -> 0;
            case SHADOW -> shadow;
            case RAMP -> shadow + 1 + swap.step();
            case OPEN -> shadow + 1 + (int) ramp;
        };
    }

    private static Step step(int index, int here, String name, @Nullable Double share, Swap swap, SwapPlan plan,
            Instant now) {
        Place place = index < here ? Place.BEHIND : index == here ? Place.HERE : Place.AHEAD;
        boolean timed = place == Place.HERE && (swap.state() == SwapState.SHADOW || swap.state() == SwapState.RAMP);
        return new Step(name, share, place,
                timed ? (Long) Math.max(0, Duration.between(swap.since(), now).toSeconds()) : null,
                timed ? (Long) plan.dwell().toSeconds() : null,
                timed ? (Long) swap.monitor().candidate().requests() : null,
                timed ? (Integer) plan.requests() : null);
    }

    static List<Action> actions(Swap swap, Replacement replacement, String incumbent) {
        Instant until = replacement.facts().now().plus(Duration.ofHours(1));
        String who = "somebody";
        Hold hold = swap.hold();
        return List.of(
                action("approve", approval(swap, replacement, new SwapEvent.Approved(who, "-"), "once it is due"),
                        swap, replacement, new SwapEvent.Approved(who, "-")),
                action("skip-waiting",
                        approval(swap, replacement, new SwapEvent.Approved(who, "-", true),
                                "without waiting for time and number of answers"),
                        swap, replacement, new SwapEvent.Approved(who, "-", true)),
                action("freeze", "Nothing moves forward until the time is over. Guards stay on watch and may still take"
                        + " traffic back.", swap, replacement, new SwapEvent.Frozen(who, "-", until)),
                action("override",
                        "You set the share yourself until the time is over, whatever the evidence says. Only a"
                                + " guard's alarm ends it sooner.",
                        swap, replacement,
                        new SwapEvent.Overridden(who, "-", until, 0.5)),
                action("roll-back", "Takes all traffic back to " + incumbent + " at once. After the cool-down it begins"
                        + " anew, with fresh evidence.", swap, replacement, new SwapEvent.RolledBack(who, "-")),
                action("release", hold == null
                        ? "Ends a freeze or an override; the rules decide again."
                        : "Ends the " + hold.kind().name().toLowerCase(Locale.ROOT) + " by " + hold.by()
                                + "; the rules decide again.",
                        swap, replacement, new SwapEvent.Released(who, "-")));
    }

    /** The machine is a pure function: whether it would say yes is found by asking it. */
    private static Action action(String name, String does, Swap swap, Replacement replacement, SwapEvent event) {
        try {
            MACHINE.on(swap, replacement.plan(), replacement.facts(), event);
            return new Action(name, does, null);
        } catch (IllegalMoveException illegal) {
            String why = String.valueOf(illegal.getMessage());
            return new Action(name, does, why.substring(why.indexOf(": ") + 1).strip());
        }
    }

    private static String approval(Swap swap, Replacement replacement, SwapEvent event, String how) {
        try {
            Swap after = MACHINE.on(swap, replacement.plan(), replacement.facts(), event).swap();
            return switch (after.state()) {
                case SHADOW -> "Moves on to shadow now: copies of live requests go to the candidate; callers notice"
                        + " nothing.";
                case RAMP, OPEN -> "Moves on now: the candidate serves " + percent(after.share())
                        + " of the traffic. Guards stay on watch.";
                case CLOSED, OFFLINE, ROLLED_BACK, STALE -> "Takes the next step now.";
            };
        } catch (IllegalMoveException illegal) {
            return "Takes the next step, " + how + ".";
        }
    }

    private static String percent(double share) {
        double percent = share * 100;
        return (percent == Math.rint(percent)
                ? Integer.toString((int) percent)
                : String.format(Locale.ROOT, "%.1f", percent))
                + " %";
    }
}
