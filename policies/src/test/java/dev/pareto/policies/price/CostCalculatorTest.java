package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.price.usage.UsageNormaliser;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                        openai.chat   | {"reasoning_tokens": 225, "text_tokens": 0}    | 225 | 1120 | 0.13667
                        openai.chat   | {"reasoning_tokens": 225, "text_tokens": null} | 225 | 1120 | 0.13667
                        openai.chat   | {"reasoning_tokens": 225, "text_tokens": 20}   | 245 | 1100 | 0.13447
                        openai.chat   | {"text_tokens": 20}                            | 20  | 1325 | 0.15922
                        openai.images | {}                                             | 0   | 1345 | 0.16142
                        images        | {}                                             | 0   | 1345 | 0.16142
                        openai.images | {"text_tokens": 45, "image_tokens": 1300}      | 45  | 1300 | 0.15647
                        """)
    void whatAnImageModelDoesNotCallTextOrReasoningIsImage(String dialect, String details, String text, String image,
            String cost) {
        Usage usage = image(dialect, details);
        PriceVersion price = price(Map.of("input", "2", "output", "10", "output_image", "120"));

        assertThat(calculator.billable(usage, price, NOW).quantity("output")).isEqualByComparingTo(text);
        assertThat(calculator.billable(usage, price, NOW).quantity("output_image")).isEqualByComparingTo(image);
        assertThat(calculator.cost(usage, price, NOW).total()).isEqualTo(Money.usd(cost));
    }

    @Test
    void anImageModelsReasoningMayHaveAPriceOfItsOwn() {
        PriceVersion price = price(
                Map.of("input", "2", "output", "12", "output_image", "120", "output_reasoning", "3"));
        Usage billable = calculator.billable(image("openai.chat", "{\"reasoning_tokens\": 225}"), price, NOW);

        assertThat(billable.quantity("output_image")).isEqualByComparingTo("1120");
        assertThat(billable.quantity("output_reasoning")).isEqualByComparingTo("225");
        assertThat(billable.quantity("output")).isZero();
    }

    @Test
    void whereImagesHaveNoPriceAndAllIsTextNothingMoves() {
        Usage usage = image("openai.images", "{}");
        assertThat(calculator.billable(usage, price(Map.of("input", "2", "output", "10")), NOW).quantity("output"))
                .isEqualByComparingTo("1345");
        PriceVersion drawing = price(Map.of("input", "2", "output", "10", "output_image", "120"));
        assertThat(
                calculator.billable(image("openai.chat", "{\"reasoning_tokens\": 225, \"text_tokens\": 1120}"), drawing,
                        NOW).quantities())
                .doesNotContainKey("output_image");
    }

    @Test
    void anUnknownCountLeavesTheTotalUnknownHoweverMuchIsPriced() {
        Usage usage = normaliser.normalise("openai.chat", new JsonMapper().readTree("{\"completion_tokens\": 10}"));
        Cost cost = calculator.cost(usage, price(Map.of("input", "2", "output", "10")), NOW);

        assertThat(cost.status()).isEqualTo(PriceStatus.MISSING);
        assertThat(cost.total()).isNull();
        assertThat(cost.exact()).isNull();
        assertThat(cost.lines()).extracting(ChargeLine::cost).containsExactly(new BigDecimal("0.000100000000"));
    }

    @Test
    void costsAreAddedUpExactlyAndRoundedOnce() {
        Cost cost = calculator.cost(Usage.ofTokens(1, 1), price(Map.of("input", "0.0000004", "output", "0.0000004")),
                NOW);

        assertThat(cost.exact()).isEqualByComparingTo("0.0000000000008");
        assertThat(cost.total()).isEqualTo(Money.usd("0.000000000001"));
        assertThat(cost.lines()).extracting(ChargeLine::exact)
                .allSatisfy(line -> assertThat(line).isEqualByComparingTo("0.0000000000004"));
        assertThat(cost.lines()).extracting(ChargeLine::cost)
                .containsExactly(new BigDecimal("0.000000000001"), new BigDecimal("0.000000000000"));
    }

    @Test
    void linesAddUpToTheCostAndWhatEndsWithinTwelveDecimalsIsKept() {
        java.util.Random random = new java.util.Random(12);
        for (int i = 0; i < 5_000; i++) {
            Map<String, String> prices = new TreeMap<>();
            TreeMap<String, BigDecimal> quantities = new TreeMap<>();
            for (String bucket : List.of("input", "cache_read", "cache_write", "output", "output_reasoning")) {
                prices.put(bucket,
                        BigDecimal.valueOf(random.nextInt(1, 100_000), random.nextInt(3, 9)).toPlainString());
                quantities.put(bucket, BigDecimal.valueOf(random.nextInt(1, 10)));
            }
            Cost cost = calculator.cost(new Usage(quantities), price(prices), NOW);
            BigDecimal exact = requireNonNull(cost.exact());
            BigDecimal sum = BigDecimal.ZERO;
            for (ChargeLine line : cost.lines()) {
                BigDecimal part = requireNonNull(line.cost());
                sum = sum.add(part);
                BigDecimal off = part.subtract(requireNonNull(line.exact())).abs();
                assertThat(off).isLessThan(new BigDecimal("0.000000000001"));
                assertThat(off.signum() != 0 && line.exact().stripTrailingZeros().scale() <= 12).isFalse();
            }
            assertThat(requireNonNull(cost.total()).amount()).isEqualByComparingTo(sum)
                    .isEqualByComparingTo(exact.setScale(12, java.math.RoundingMode.HALF_EVEN));
        }
    }

    @Test
    void whatIsReadFromToolsBesideAGeminiPromptDoesNotChooseTheBand() {
        TreeMap<String, UnitPrice> low = new TreeMap<>(Map.of("input", UnitPrice.perMillion("2"), "output",
                UnitPrice.perMillion("10")));
        TreeMap<String, UnitPrice> high = new TreeMap<>(Map.of("input", UnitPrice.perMillion("4"), "output",
                UnitPrice.perMillion("15")));
        PriceVersion price = new PriceVersion("t", "t/m", "standard", Instant.EPOCH, null, "USD",
                List.of(new PriceBand(0, List.of(), low), new PriceBand(200_001, List.of(), high)), new TreeMap<>(),
                CostSource.LIST, "test");
        String raw = "{\"promptTokenCount\": %d, \"toolUsePromptTokenCount\": 5, \"candidatesTokenCount\": 1}";

        assertThat(calculator.cost(normaliser.normalise("gemini.generateContent",
                new JsonMapper().readTree(raw.formatted(200_000))), price, NOW).total())
                .isEqualTo(Money.usd("0.40002"));
        assertThat(calculator.cost(normaliser.normalise("gemini.generateContent",
                new JsonMapper().readTree(raw.formatted(200_001))), price, NOW).total())
                .isEqualTo(Money.usd("0.800039"));
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

    private Usage image(String dialect, String details) {
        return normaliser.normalise(dialect,
                new JsonMapper().readTree("""
                                          {"usage": {"prompt_tokens": 10, "completion_tokens": 1345,
                                           "completion_tokens_details": %s}}"""
                        .formatted(details)));
    }

    private static PriceVersion price(Map<String, String> perMillion) {
        TreeMap<String, UnitPrice> prices = new TreeMap<>();
        perMillion.forEach((bucket, price) -> prices.put(bucket, UnitPrice.perMillion(price)));
        return new PriceVersion("t", "t/m", "standard", Instant.EPOCH, null, "USD",
                List.of(new PriceBand(0, List.of(), prices)), new TreeMap<>(), CostSource.LIST, "test");
    }
}
