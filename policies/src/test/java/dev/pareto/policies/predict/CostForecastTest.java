package dev.pareto.policies.predict;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CostForecastTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final ModelId MODEL = ModelId.parse("openai/gpt-4o");

    private static UnitPrice million(String dollars) {
        return new UnitPrice(new BigDecimal(dollars), BigDecimal.valueOf(1_000_000));
    }

    private static PriceVersion price(List<PriceBand> bands) {
        return new PriceVersion("p", "openai/gpt-4o", "standard", NOW.minusSeconds(9), null, "USD", bands,
                new TreeMap<>(), CostSource.LIST, "test");
    }

    private static PriceBand band(long from, Map<String, UnitPrice> prices) {
        return new PriceBand(from, List.of(), new TreeMap<>(prices));
    }

    private static String mean(PriceVersion price, CostForecast.Use use) {
        return requireNonNull(CostForecast.of(price, use, NOW)).mean().amount().stripTrailingZeros().toPlainString();
    }

    private static String worst(PriceVersion price, CostForecast.Use use) {
        return requireNonNull(CostForecast.of(price, use, NOW)).worst().amount().stripTrailingZeros().toPlainString();
    }

    @Test
    void whatIsUsuallyCachedIsCheaperAndTheWorstCaseCountsOnNothing() {
        PriceVersion price = price(List.of(band(0, Map.of(Buckets.INPUT, million("2.50"), Buckets.CACHE_READ,
                million("1.25"), Buckets.OUTPUT, million("10")))));
        CostForecast.Use use = new CostForecast.Use(1_000, 0.8, 100, 300);

        assertThat(mean(price, use)).isEqualTo("0.0025"); // 200 fresh, 800 cached, 100 generated
        assertThat(worst(price, use)).isEqualTo("0.0055");
    }

    @Test
    void aLongPromptPaysItsBandAndAPriceWithoutCacheHasNoDiscount() {
        PriceVersion price = price(List.of(
                band(0, Map.of(Buckets.INPUT, million("1"), Buckets.OUTPUT, million("2"), Buckets.REQUEST,
                        new UnitPrice(new BigDecimal("0.01"), BigDecimal.ONE))),
                band(200_001, Map.of(Buckets.INPUT, million("2"), Buckets.OUTPUT, million("4")))));

        assertThat(mean(price, new CostForecast.Use(100_000, 0.9, 1_000, 1_000))).isEqualTo("0.112");
        assertThat(mean(price, new CostForecast.Use(300_000, 0, 1_000, 1_000))).isEqualTo("0.604");
    }

    @Test
    void tokensOnAnOwnMachineCostNothingMoreAndAnUnpricedModelIsNotFree() {
        PriceVersion own = price(List.of(band(0, Map.of(Buckets.INPUT, million("0"), Buckets.OUTPUT, million("0"),
                Buckets.GPU_SECOND, new UnitPrice(new BigDecimal("2.10"), BigDecimal.valueOf(3_600))))));
        assertThat(mean(own, new CostForecast.Use(1_000, 0, 100, 100))).isEqualTo("0");
        assertThat(CostForecast.of(price(List.of(band(0, Map.of(Buckets.INPUT, million("1"))))),
                new CostForecast.Use(1, 0, 1, 1), NOW)).isNull();
        assertThatThrownBy(() -> new CostForecast.Use(1, 1.5, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatGeneratesNothingNeedsNoPriceOfGeneratedTokens() {
        PriceVersion embedding = price(List.of(band(0, Map.of(Buckets.INPUT, million("0.02")))));
        PriceVersion ranking = price(List.of(band(0, Map.of(Buckets.SEARCH_UNIT,
                new UnitPrice(new BigDecimal("2"), BigDecimal.valueOf(1_000)), Buckets.REQUEST,
                new UnitPrice(new BigDecimal("0.001"), BigDecimal.ONE)))));
        var reads = new CostForecast.Use(1_000, 0, 0, 0);

        assertThat(mean(embedding, reads)).isEqualTo("0.00002");
        assertThat(worst(embedding, reads)).isEqualTo("0.00002");
        assertThat(mean(ranking, reads)).isEqualTo("0.003");
        assertThat(CostForecast.of(ranking, new CostForecast.Use(1_000, 0, 1, 1), NOW)).isNull();
    }

    @Test
    void theOddsOfACacheAreLearntPerRouteAndForgotten() {
        CacheOdds odds = new CacheOdds();
        assertThat(odds.of("r", MODEL)).isZero();
        for (int i = 0; i < 300; i++) {
            odds.observe("r", MODEL, 4_000, i % 2 == 0 ? 4_000 : 0);
        }
        assertThat(odds.of("r", MODEL)).isBetween(0.45, 0.52);
        assertThat(odds.of("other", MODEL)).isZero();
        for (int i = 0; i < 500; i++) {
            odds.observe("r", MODEL, 4_000, 0);
        }
        assertThat(odds.of("r", MODEL)).isLessThan(0.01);
        odds.observe("r", MODEL, 0, 7);
        assertThat(new CacheOdds().of("r", MODEL)).isZero();
    }
}
