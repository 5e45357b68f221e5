package dev.pareto.proxy.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is set aside for a request before it is sent. */
final class BillingTest {

    private static final Model UNBOUNDED = model(null);

    private final Billing billing = new Billing(() -> new PriceBook(List.of(new PriceVersion("v", "t/m", "standard",
            Instant.EPOCH, null, "USD",
            List.of(new PriceBand(0, List.of(), new TreeMap<>(
                    Map.of("input", UnitPrice.perMillion("1"), "output", UnitPrice.perMillion("10"))))),
            new TreeMap<>(), CostSource.LIST, "test"))));

    private static Model model(@Nullable Integer maxOutput) {
        return new Model(new ModelId("t", "m"), false, null, maxOutput, Set.of(), "m", "t/m");
    }

    private @Nullable Money reservation(int answers, @Nullable Integer maxOutput, Model model) {
        var request = new MeteredRequest(new UUID(0, 0), "t", Map.of(), "r", "m", "openai", true, null, null, 400, 100,
                answers, maxOutput, null);
        return billing.reservation(request, model, Instant.EPOCH.plusSeconds(1));
    }

    @Test
    void theWorstCaseIsThatEveryAnswerIsAsLongAsItMayBe() {
        assertThat(reservation(1, 1_000, UNBOUNDED)).isEqualTo(Money.usd("0.0101"));
        assertThat(reservation(5, 1_000, UNBOUNDED)).isEqualTo(Money.usd("0.0501"));
        assertThat(reservation(5, 1_000, model(100))).isEqualTo(Money.usd("0.0051"));
        assertThat(reservation(2, null, model(100))).isEqualTo(Money.usd("0.0021"));
        assertThat(reservation(2, null, UNBOUNDED)).isEqualTo(Money.usd("0.08202"));
    }

    @Test
    void manyLongAnswersDoNotWrapAround() {
        var all = reservation(Integer.MAX_VALUE, Integer.MAX_VALUE, UNBOUNDED);

        assertThat(all).isNotNull().isGreaterThan(Money.usd("1000000000000"));
    }
}
