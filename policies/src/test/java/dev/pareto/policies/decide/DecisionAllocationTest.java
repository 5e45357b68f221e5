package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.price.Money;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deciding among ten candidates, in the world of {@link DecisionBenchmark}, allocates what its decision consists of and nothing else. */
final class DecisionAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 3_000;

    /** The least of many calls: now and then a latency is counted anew. */
    private static long bytes(Supplier<Decision> made) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < CALLS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Decision decision = made.get();
            long after = THREADS.getCurrentThreadAllocatedBytes();
            assertThat(decision.id()).isNotNull();
            least = Math.min(least, after - before);
        }
        return least;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "learnt"})
    void decide_tenCandidates_allocatesTheDecisionAlone(String accuracy) {
        var benchmark = new DecisionBenchmark();
        benchmark.accuracy = accuracy;
        benchmark.prepare();
        Decision decision = benchmark.decide();
        assertThat(decision.assessments()).hasSize(10);
        assertThat(decision.outcome()).isInstanceOf(Outcome.Chosen.class);

        Copier copier = new Copier(decision);
        assertThat(copier.copy()).isEqualTo(decision);
        assertThat(bytes(benchmark::decide)).isEqualTo(bytes(copier::copy));
    }

    /** Makes an equal decision; whatever the world keeps anyway (names, verdicts, latencies, keys of swaps) is shared. */
    private static final class Copier {

        private final Decision decision;
        private final Outcome.Chosen chosen;
        private final ModelId[] fallbacks;
        private final Assessment[] assessments;
        private final long[] mean;
        private final long[] worst;

        Copier(Decision decision) {
            this.decision = decision;
            chosen = (Outcome.Chosen) decision.outcome();
            fallbacks = chosen.fallbacks().toArray(ModelId[]::new);
            assessments = new Assessment[decision.assessments().size()];
            mean = picos(decision.assessments().stream().map(Assessment::predictedCost).toList());
            worst = picos(decision.assessments().stream().map(Assessment::worstCost).toList());
        }

        private static long[] picos(List<Money> costs) {
            return costs.stream()
                    .mapToLong(cost -> cost.amount().movePointRight(Money.SCALE).longValueExact())
                    .toArray();
        }

        private static Money money(long picos) {
            return new Money(BigDecimal.valueOf(picos, Money.SCALE), "USD");
        }

        Decision copy() {
            for (int i = 0; i < assessments.length; i++) {
                Assessment one = decision.assessments().get(i);
                Stake stake = one.stake();
                AccuracyForecast accuracy = one.accuracy();
                Money cost = money(mean[i]);
                assessments[i] = new Assessment(one.model(), one.open(), one.baseline(), one.candidate(), cost,
                        requireNonNull(one.worstCost()).equals(cost) ? cost : money(worst[i]), one.priceVersion(),
                        one.commitment(),
                        one.firstTokenP95(), one.totalP95(), one.latencyObservations(),
                        accuracy == null
                                ? null
                                : new AccuracyForecast(accuracy.probability(), accuracy.low(), accuracy.high(),
                                        accuracy.labels(), accuracy.version()),
                        one.evidence(), one.share(),
                        stake == null
                                ? null
                                : new Stake(stake.key(), stake.state(), stake.share(), stake.assigned(), stake.shadow(),
                                        stake.down()),
                        one.refusals(), one.violations(), one.place());
            }
            var why = (Reason.Weighed) decision.because();
            return new Decision(decision.id(), decision.route(), decision.policy(),
                    new Outcome.Chosen(chosen.model(), List.of(fallbacks), chosen.relaxed()), List.of(assessments),
                    new Reason.Weighed(why.point(), why.route(), why.policy(), why.chosen(), why.other(), why.gain(),
                            why.unlisted()),
                    decision.baseline(), decision.rules(), requireNonNull(decision.limits()), decision.draw());
        }
    }
}
