package dev.pareto.policies.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.price.usage.UsageNormaliser;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class CostCalculatorTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final CostCalculator calculator = new CostCalculator();
    private final UsageNormaliser normaliser = new UsageNormaliser();

    @Test
    void anUnknownPriceLeavesTheCostUnknown() {
        Cost cost = calculator.cost(Usage.ofTokens(1000, 500), null, NOW);

        assertThat(cost.total()).isNull();
        assertThat(cost.status()).isEqualTo(PriceStatus.MISSING);
        assertThat(cost.lines()).extracting(ChargeLine::bucket).containsExactly("input", "output");
    }

    @Test
    void oneBucketWithoutAPriceLeavesTheTotalUnknown() {
        Cost cost = calculator.cost(Usage.ofTokens(1000, 500), price(Map.of("input", "2")), NOW);

        assertThat(cost.total()).isNull();
        assertThat(cost.lines()).extracting(ChargeLine::cost).containsExactly(new BigDecimal("0.002000000000"), null);
    }

    @Test
    void aStatedZeroIsAPrice() {
        Cost cost = calculator.cost(Usage.ofTokens(1000, 500), EmbeddedPrices.zeroRated("local/support-desk"), NOW);

        assertThat(cost.total()).isEqualTo(Money.zero("USD"));
        assertThat(cost.status()).isEqualTo(PriceStatus.PRICED);
    }

    @Test
    void anAbortedStreamIsBilledForWhatWasRelayed() {
        assertThat(calculator.cost(Usage.ofTokens(25, 511), price(Map.of("input", "2", "output", "10")), NOW).total())
                .isEqualTo(Money.usd("0.00516"));
    }

    @Test
    void millionsOfTinyCostsAddUpExactly() {
        Money each = Money.usd("0.0000577");
        Money total = Money.zero("USD");
        for (int i = 0; i < 1_000_000; i++) {
            total = total.plus(each);
        }
        assertThat(total).isEqualTo(Money.usd("57.7"));
    }

    @Test
    void moreCachedThanPromptedIsClampedAndMarked() {
        Usage usage = normaliser.normalise("openai.chat", new JsonMapper().readTree(
                "{\"prompt_tokens\":1000,\"completion_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":1200}}"));

        assertThat(usage.inconsistent()).isTrue();
        assertThat(usage.promptTokens()).isEqualTo(1000);
        assertThat(calculator.cost(usage, price(Map.of("input", "2.5", "cache_read", "1.25", "output", "10")), NOW)
                .total()).isEqualTo(Money.usd("0.00135"));
    }

    @Test
    void bucketsAlwaysAddUpToThePromptHoweverOddTheVendor() {
        java.util.Random random = new java.util.Random(7);
        for (int i = 0; i < 20_000; i++) {
            long prompt = random.nextInt(2000);
            long output = random.nextInt(2000);
            String raw = "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"prompt_tokens_details\":{\"cached_tokens\":%d,\"audio_tokens\":%d,\"cache_write_tokens\":%d,\"image_tokens\":%d},\"completion_tokens_details\":{\"reasoning_tokens\":%d,\"audio_tokens\":%d}}"
                    .formatted(prompt, output, random.nextInt(-50, 1500), random.nextInt(1500), random.nextInt(900),
                            random.nextInt(500), random.nextInt(900), random.nextInt(900));
            Usage usage = normaliser.normalise("openai.chat", new JsonMapper().readTree(raw));
            assertThat(usage.promptTokens()).as(raw).isEqualTo(prompt);
            assertThat(usage.outputTokens()).as(raw).isEqualTo(output);
        }
    }

    @Test
    void theTierThatServedWins() {
        assertThat(ServiceTiers.effective("default", "priority")).isEqualTo("standard");
        assertThat(ServiceTiers.effective(null, "flex")).isEqualTo("flex");
        assertThat(ServiceTiers.effective("priority", null)).isEqualTo("priority");
    }

    @Test
    void anUnknownDialectIsRefused() {
        assertThatThrownBy(() -> normaliser.normalise("smoke-signals", new JsonMapper().readTree("{}")))
                .hasMessageContaining("unknown usage dialect 'smoke-signals'");
    }

    @Test
    void moneyOfTwoCurrenciesDoesNotMix() {
        assertThatThrownBy(() -> Money.usd("1").plus(new Money(BigDecimal.ONE, "EUR")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Money.usd("0.0000000000001")).hasMessageContaining("more than 12 decimals");
    }

    private static PriceVersion price(Map<String, String> perMillion) {
        TreeMap<String, UnitPrice> prices = new TreeMap<>();
        perMillion.forEach((bucket, price) -> prices.put(bucket, UnitPrice.perMillion(price)));
        return new PriceVersion("t", "t/m", "standard", Instant.EPOCH, null, "USD",
                List.of(new PriceBand(0, List.of(), prices)), new TreeMap<>(), CostSource.LIST, "test");
    }
}
