package dev.pareto.policies.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.predict.Commitments;
import dev.pareto.policies.predict.Commitments.Room;
import dev.pareto.policies.price.Money;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is paid anyway costs a decision nothing, as long as something of it is left. */
final class CommittedSpendTest {

    private static final ModelId PAID = ModelId.parse("paid/big");
    private static final ModelId CHEAP = ModelId.parse("open/small");
    private static final String WORLD = """
                                        vendors:
                                          paid: {dialect: openai, url: http://p, models: {big: {prices: [{from: 2020-01-01, input: 0, output: 0, request: {price: 2, per: 100}}]}}}
                                          open: {dialect: openai, url: http://o, models: {small: {prices: [{from: 2020-01-01, input: 0, output: 0, request: {price: 1, per: 100}}]}}}
                                        routes: {ask: {candidates: [open/small, paid/big], policy: p}}
                                        policies:
                                          p:
                                            minimise: cost
                                            subject-to: {cost: {at-most: 0.015 USD}}
                                        """;
    private static final ParetoConfig CONFIG = World.config(WORLD);

    private static Decision decide(@Nullable Room room) {
        Commitments paid = (model, at) -> model.equals(PAID) ? room : null;
        return new PolicyEngine().decide(World.request("ask"), Snapshot.of(CONFIG).withCommitments(paid));
    }

    private static Room left(String amount) {
        return new Room("paid-2026", Money.usd(amount));
    }

    private static Assessment of(ModelId model, Decision decision) {
        return decision.assessments().stream().filter(one -> one.model().equals(model)).findFirst().orElseThrow();
    }

    @Test
    void theDearModelServesWhileItIsPaidAnywayAndNoLonger() {
        Decision paid = decide(left("3.5"));
        assertThat(paid.outcome()).isInstanceOfSatisfying(Outcome.Chosen.class,
                chosen -> assertThat(chosen.model()).isEqualTo(PAID));
        assertThat(paid.reason())
                .isEqualTo(
                        "paid/big: cheapest that meets p (cost 0 vs 0.01 USD: commitment paid-2026 has 3.5 USD left)");
        assertThat(of(PAID, paid).predictedCost()).isEqualTo(Money.usd("0"));
        assertThat(of(PAID, paid).worstCost()).as("as it will be booked").isEqualTo(Money.usd("0.02"));
        assertThat(of(CHEAP, paid).predictedCost()).isEqualTo(Money.usd("0.01"));

        for (Room none : new Room[]{left("0"), null}) {
            Decision usedUp = decide(none);
            assertThat(usedUp.outcome()).isInstanceOfSatisfying(Outcome.Chosen.class,
                    chosen -> assertThat(chosen.model()).isEqualTo(CHEAP));
            assertThat(of(PAID, usedUp).predictedCost()).isEqualTo(Money.usd("0.02"));
            assertThat(of(PAID, usedUp).violations()).extracting(Violation::constraint).containsExactly("cost at-most");
        }
    }

    @Test
    void aCallThatStraddlesCostsThePartBeyond() {
        Decision most = decide(left("0.004"));
        assertThat(of(PAID, most).predictedCost()).isEqualTo(Money.usd("0.016"));
        assertThat(of(PAID, most).feasible()).isFalse();
        Decision half = decide(left("0.012"));
        assertThat(of(PAID, half).predictedCost()).isEqualTo(Money.usd("0.008"));
        assertThat(half.reason()).isEqualTo(
                "paid/big: cheapest that meets p (cost 0.008 vs 0.01 USD: commitment paid-2026 has 0.012 USD left)");
    }

    @Test
    void theRecordSaysWhatWasLeftAndHoldsNoMoreWhereNothingIsCommitted() {
        assertThat(view(decide(left("3.5")), PAID)).containsEntry("predicted_cost", "0")
                .containsEntry("commitment", Map.of("name", "paid-2026", "left", "3.5", "currency", "USD"));
        assertThat(view(decide(left("0")), PAID)).containsEntry("predicted_cost", "0.02")
                .containsEntry("commitment", Map.of("name", "paid-2026", "left", "0", "currency", "USD"));
        assertThat(view(decide(left("3.5")), CHEAP)).doesNotContainKey("commitment");
    }

    @SuppressWarnings("unchecked") // its own shape
    private static Map<String, Object> view(Decision decision, ModelId model) {
        return ((List<?>) Objects.requireNonNull(DecisionView.of(decision).get("candidates")))
                .stream()
                .map(one -> (Map<String, Object>) one)
                .filter(one -> model.toString().equals(one.get("model")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anotherCurrencyBearsNothing() {
        Room euros = new Room("e", new Money(BigDecimal.TEN, "EUR"));
        assertThat(euros.beyond(Money.usd("1"))).isEqualTo(Money.usd("1"));
    }

    @Test
    void whatIsPaidAnywayMakesNoObjectMore() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        PolicyEngine engine = new PolicyEngine();
        RequestFeatures request = World.request("ask");
        Room room = left("3.5");
        long[] least = {Long.MAX_VALUE, Long.MAX_VALUE};
        Snapshot[] worlds = {Snapshot.of(CONFIG), Snapshot.of(CONFIG).withCommitments((model, at) -> room)};
        for (int i = 0; i < 6_000; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            Decision decision = engine.decide(request, worlds[i & 1]);
            long after = threads.getCurrentThreadAllocatedBytes();
            assertThat(decision.id()).isNotNull();
            least[i & 1] = Math.min(least[i & 1], after - before);
        }
        // without it the dear one misses its limit, which is said in objects of its own
        assertThat(least[1]).isLessThanOrEqualTo(least[0]);
    }
}
