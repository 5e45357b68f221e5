package dev.pareto.policies.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.yaml.YamlException;
import dev.pareto.policies.yaml.YamlParser;
import dev.pareto.policies.price.usage.UsageNormaliser;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The worked cases of behaviour (B vectors) that prices alone decide; the ledger and the budgets own the others. */
final class BehaviourVectorsTest {

    private final CostCalculator calculator = new CostCalculator();

    @Test
    void aRetryIsBilledTwice() throws IOException {
        JsonNode vector = vector("B01");
        Money total = Money.zero("USD");
        for (JsonNode attempt : vector.path("inputs").path("attempts")) {
            total = total.plus(cost(attempt, vector.path("inputs").path("prices")));
        }
        assertThat(total.plain()).isEqualTo(expected(vector, "request_cost_usd"));
    }

    @Test
    void aHedgeIsBilledForWinnerAndLoser() throws IOException {
        JsonNode vector = vector("B02");
        JsonNode inputs = vector.path("inputs");
        Money winner = cost(inputs.path("winner"), inputs.path("prices"));
        Money loser = cost(inputs.path("loser"), inputs.path("prices"));
        assertThat(winner.plain()).isEqualTo(expected(vector, "winner_usd"));
        assertThat(winner.plus(loser).plain()).isEqualTo(expected(vector, "request_cost_usd"));
    }

    @Test
    void aRefusalOwesNothing() throws IOException {
        assertThat(total(Cost.nothing("USD")).plain()).isEqualTo(expected(vector("B04"), "cost_usd"));
        assertThat(UsageSource.NONE.id()).isEqualTo(expected(vector("B04"), "usage_source"));
    }

    @Test
    void aCacheHitAvoidsWhatItWouldCostNow() throws IOException {
        JsonNode vector = vector("B05");
        assertThat(cost(vector.path("inputs"), vector.path("inputs").path("prices")).plain())
                .isEqualTo(expected(vector, "avoided_usd"));
    }

    @Test
    void anUnknownPriceIsNotZeroButAFreeOneIs() throws IOException {
        JsonNode unknown = vector("B06");
        assertThat(unknown.path("expected").path("cost_usd").isNull()).isTrue();
        assertThat(calculator.cost(usage(unknown.path("inputs")), null, Instant.EPOCH).total()).isNull();
        assertThat(cost(unknown.path("inputs"), unknown.path("inputs").path("fallback_ceiling")).plain())
                .isEqualTo(expected(unknown, "reserved_usd"));
        JsonNode free = vector("B07");
        assertThat(cost(free.path("inputs"), free.path("inputs").path("prices")).plain())
                .isEqualTo(expected(free, "cost_usd"));
    }

    @Test
    void savingsAreNetAndMayBeNegative() throws IOException {
        JsonNode vector = vector("B18");
        JsonNode inputs = vector.path("inputs");
        Money baseline = cost(inputs.path("baseline"), inputs.path("baseline"));
        Money actual = cost(inputs.path("actual"), inputs.path("actual"));
        assertThat(baseline.minus(actual).minus(Money.usd(inputs.path("overhead").asString(""))).plain())
                .isEqualTo(expected(vector, "net_savings_usd"));
        JsonNode negative = vector("B19").path("inputs");
        assertThat(Money.usd(negative.path("baseline").asString(""))
                .minus(Money.usd(negative.path("actual").asString("")))
                .minus(Money.usd(negative.path("overhead").asString("")))
                .plain())
                .isEqualTo(expected(vector("B19"), "net_savings_usd"));
    }

    @Test
    void aPricePerTokenIsRefused() throws IOException {
        JsonNode vector = vector("B23");
        String price = vector.path("inputs").path("input_cost_per_token").asString("");
        boolean accepted = true;
        try {
            new PriceSheetReader().read(YamlParser.parse("t",
                    """
                    {vendor: a, currency: USD, checked: 2026-11-21, source: t,
                     models: {m: {prices: [{from: 2026-01-01, input: {price: %s, per: 1}}]}}}""".formatted(price),
                    name -> null));
        } catch (YamlException e) {
            accepted = false;
        }
        assertThat(accepted).isEqualTo(vector.path("expected").path("accepted").asBoolean(true));
    }

    @Test
    void contradictingUsageIsClampedAndFlagged() throws IOException {
        JsonNode vector = vector("B24");
        JsonNode inputs = vector.path("inputs");
        Usage usage = new UsageNormaliser().normalise("openai.chat", new JsonMapper().readTree(
                "{\"prompt_tokens\":%s,\"completion_tokens\":%s,\"prompt_tokens_details\":{\"cached_tokens\":%s}}"
                        .formatted(inputs.path("prompt"), inputs.path("out"), inputs.path("cached"))));
        assertThat(usage.inconsistent()).isTrue();
        JsonNode prices = inputs.path("prices");
        TreeMap<String, UnitPrice> unit = new TreeMap<>();
        prices.forEachEntry((bucket, price) -> unit.put(bucket, UnitPrice.perMillion(price.asString(""))));
        assertThat(total(calculator.cost(usage, version(unit), Instant.EPOCH)).plain())
                .isEqualTo(expected(vector, "cost_usd"));
    }

    private Money cost(JsonNode tokens, JsonNode prices) {
        return total(calculator.cost(usage(tokens),
                version(new TreeMap<>(Map.of("input", UnitPrice.perMillion(prices.path("input").asString("")), "output",
                        UnitPrice.perMillion(prices.path("output").asString(""))))),
                Instant.EPOCH));
    }

    private static Usage usage(JsonNode tokens) {
        return new Usage(Map.of("input", new BigDecimal(tokens.path("in").asString("")), "output",
                new BigDecimal(tokens.path("out").asString(""))));
    }

    private static Money total(Cost cost) {
        return java.util.Objects.requireNonNull(cost.total());
    }

    private static PriceVersion version(SortedMap<String, UnitPrice> prices) {
        return new PriceVersion("t", "t/m", "standard", Instant.EPOCH, null, "USD",
                List.of(new PriceBand(0, List.of(), prices)), new TreeMap<>(), CostSource.LIST, "test");
    }

    private static String expected(JsonNode vector, String key) {
        return vector.path("expected").path(key).asString("");
    }

    private static JsonNode vector(String id) throws IOException {
        return CostVectorsTest.vectors()
                .stream()
                .filter(vector -> vector.path("id").asString("").equals(id))
                .findFirst()
                .orElseThrow();
    }
}
