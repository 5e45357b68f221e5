package dev.pareto.policies.decide;

import static dev.pareto.policies.decide.World.CLOSED;
import static dev.pareto.policies.decide.World.NOW;
import static dev.pareto.policies.decide.World.OPEN;
import static dev.pareto.policies.decide.World.SUPPORT;
import static dev.pareto.policies.decide.World.config;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Move;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.Transition;
import dev.pareto.policies.swap.guard.Arm;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.policies.swap.guard.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whole lives on a clock of our own: an open model that is good enough is swapped in over the ramp, then one thing breaks. Two requests
 * a second from 5,000 callers; decisions by the real engine; state written and read back as if the gateway had been killed.
 */
final class SwapLifeTest {

    private static final SwapKey KEY = new SwapKey("support", OPEN);
    private static final ParetoConfig CONFIG = config(SUPPORT.replace("within: 3 pp", "within: 2 pp")
            + """
              swaps:
                support: {to: local/support-desk, margin: 2 pp, shadow: 10 %, ramp: [1 %, 5 %, 25 %], dwell: 1 h,
                          requests: 100, holdback: 5 %, approval: automatic}
              """);

    /** What breaks, and how often answers are bad then; healthy answers are wrong in 7 %, slow in 2 %, misformed in 0.2 %. */
    private enum Fault {
        NONE(0.07, 0.02, 0.002), QUALITY(0.12, 0.02, 0.002), LATENCY(0.07, 0.30, 0.002), FORMAT(0.07, 0.02, 0.10);

        final double wrong;
        final double slow;
        final double misformed;

        Fault(double wrong, double slow, double misformed) {
            this.wrong = wrong;
            this.slow = slow;
            this.misformed = misformed;
        }
    }

    /** One gateway's world. */
    private static final class Life {

        final SwapMachine machine = new SwapMachine();
        final PolicyEngine engine = new PolicyEngine();
        final SplittableRandom random;
        final double graded;
        final List<Move> moves = new ArrayList<>();
        final List<SwapState> restarted = new ArrayList<>();
        Instant now = NOW;
        Swap swap = Swap.closed(KEY, NOW);
        Snapshot world = Snapshot.of(CONFIG).withSwaps(key -> swap.key().equals(key) ? swap : null);
        Fault fault = Fault.NONE;
        long asked;
        long served;
        long hurt;

        /** @param graded the share of the open model's answers that somebody grades */
        Life(long seed, double graded) {
            this.random = new SplittableRandom(seed);
            this.graded = graded;
        }

        void verdict() {
            Evidence good = World.verdict(dev.pareto.policies.swap.Outcome.NON_INFERIOR, 0.02, false,
                    now.plus(Duration.ofDays(30)));
            world = world.withVerdicts(route -> List.of(good));
        }

        void requestsUntil(SwapState state, long most) {
            for (long i = 0; i < most && swap.state() != state; i++) {
                request();
            }
            assertThat(swap.state()).as("%s after %s", state, moves).isEqualTo(state);
        }

        void request() {
            now = now.plusMillis(500);
            asked++;
            if (asked % 2 == 0) {
                on(new SwapEvent.Looked());
            }
            var request = new RequestFeatures("r-" + asked, "support", 100, null, false, false, Overrides.NONE, "t",
                    now).of("user-" + random.nextInt(5_000), java.util.Map.of());
            Decision decision = engine.decide(request, world);
            boolean open = ((Outcome.Chosen) decision.outcome()).model().equals(OPEN);
            Stake stake = Objects.requireNonNull(decision.assessments()
                    .stream()
                    .filter(candidate -> candidate.model().equals(OPEN))
                    .findFirst()
                    .orElseThrow()
                    .stake());
            assertThat(open).isEqualTo(stake.assigned());
            if (open) {
                answer(true);
            } else {
                on(new SwapEvent.Seen(new Observation(Arm.INCUMBENT, true, false, null, false, Duration.ofSeconds(2))));
                if (stake.shadow() && random.nextDouble() < 0.1) {
                    answer(false);
                }
            }
        }

        private void answer(boolean seenByCaller) {
            double wrong = random.nextDouble();
            double slow = random.nextDouble();
            double form = random.nextDouble();
            if (seenByCaller) {
                served++;
                hurt += bad(fault, wrong, slow, form) && !bad(Fault.NONE, wrong, slow, form) ? 1 : 0;
            }
            on(new SwapEvent.Seen(new Observation(Arm.CANDIDATE, true, random.nextDouble() < 0.003,
                    form < fault.misformed, false, Duration.ofSeconds(slow < fault.slow ? 9 : 2))));
            if (seenByCaller && random.nextDouble() < graded) {
                on(new SwapEvent.Graded(wrong < fault.wrong ? 0 : 1, null));
            }
        }

        private static boolean bad(Fault fault, double wrong, double slow, double form) {
            return wrong < fault.wrong || slow < fault.slow || form < fault.misformed;
        }

        private void on(SwapEvent event) {
            var facts = Replacement.of(CONFIG, world.verdicts(), Fingerprints.UNKNOWN,
                    CONFIG.route("support").orElseThrow(), OPEN, CLOSED, CONFIG.policies().get("good-enough"), now);
            Transition transition = machine.on(swap, facts.plan(), facts.facts(), event);
            swap = transition.swap();
            moves.addAll(transition.moves());
            if (!transition.moves().isEmpty()) {
                restart();
            }
        }

        /** What a store does with it. */
        private void restart() {
            JsonMapper json = JsonMapper.shared();
            Swap read = json.readValue(json.writeValueAsString(swap), Swap.class);
            assertThat(read).isEqualTo(swap);
            swap = read;
            restarted.add(swap.state());
        }
    }

    @Test
    void aGoodModelIsSwappedInOverTheRampAndTakenBackWhenItsQualityDrops() {
        var life = new Life(1, 1);
        for (int i = 0; i < 1_000; i++) {
            life.request();
        }
        assertThat(life.served).as("nothing without a verdict").isZero();
        life.verdict();
        life.requestsUntil(SwapState.SHADOW, 10);
        life.requestsUntil(SwapState.RAMP, 10_000);
        assertThat(life.served).as("a shadow serves nobody").isZero();
        life.requestsUntil(SwapState.OPEN, 60_000);
        assertThat(life.moves).extracting(Move::share).containsExactly(0.0, 0.0, 0.01, 0.05, 0.25, 0.95);
        for (int i = 0; i < 20_000; i++) {
            life.request();
        }
        assertThat(life.swap.state()).as("healthy").isEqualTo(SwapState.OPEN);

        life.fault = Fault.QUALITY;
        life.requestsUntil(SwapState.ROLLED_BACK, 40_000);
        assertThat(life.swap.reason()).startsWith("guard quality");
        long served = life.served;
        for (int i = 0; i < 2_000; i++) {
            life.request();
        }
        assertThat(life.served).as("not one more request").isEqualTo(served);
        life.now = life.now.plus(Duration.ofDays(1));
        life.requestsUntil(SwapState.OFFLINE, 10);
        assertThat(life.restarted).contains(SwapState.OFFLINE, SwapState.SHADOW, SwapState.RAMP, SwapState.OPEN,
                SwapState.ROLLED_BACK);
    }

    /** How many requests a fault hurts before the roll-back; the figures of docs/evals-and-swaps.md. */
    @Test
    void aFaultHurtsFewRequests() {
        Swap open = opened();
        figure(open, Fault.QUALITY, 1, Guard.QUALITY, 1_500);
        figure(open, Fault.QUALITY, 0.25, Guard.QUALITY, 5_000);
        figure(open, Fault.LATENCY, 0, Guard.LATENCY, 40);
        figure(open, Fault.FORMAT, 0, Guard.FORMAT, 40);
    }

    private static Swap opened() {
        var life = new Life(2, 0);
        life.verdict();
        life.requestsUntil(SwapState.OPEN, 80_000);
        return life.swap;
    }

    private static void figure(Swap open, Fault fault, double graded, Guard guard, long most) {
        int lives = 9;
        long[] hurt = new long[lives];
        long[] asked = new long[lives];
        for (int seed = 0; seed < lives; seed++) {
            var life = new Life(100 + seed, graded);
            life.swap = open;
            life.now = open.since();
            life.verdict();
            life.fault = fault;
            life.requestsUntil(SwapState.ROLLED_BACK, 200_000);
            assertThat(life.swap.reason()).startsWith("guard " + guard.id());
            hurt[seed] = life.hurt;
            asked[seed] = life.asked;
        }
        Arrays.sort(hurt);
        Arrays.sort(asked);
        System.out.printf("%s, %.0f %% graded: hurt median %d, most %d; requests until roll-back: median %d%n", fault,
                100 * graded, hurt[lives / 2], hurt[lives - 1], asked[lives / 2]);
        assertThat(hurt[lives - 1]).as("%s", fault).isLessThan(most);
    }
}
