package dev.pareto.dashboards.finance;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DriversTest {

    private static final List<String> BUCKETS = List.of("input", "cache_read", "cache_write", "output",
            "output_reasoning", "web_search", "vendor_reported", "reservation");

    @Test
    void theEffectsOfRandomLedgersAddUpToTheLastDigit() {
        SplittableRandom random = new SplittableRandom(20261122);
        for (int i = 0; i < 2_000; i++) {
            Drivers.Side before = random(random);
            Drivers.Side now = random(random);
            Map<Effect, BigDecimal> effects = Drivers.between(before, now);
            BigDecimal difference = now.cost()
                    .add(now.adjustments())
                    .subtract(before.cost())
                    .subtract(before.adjustments());
            assertThat(effects.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                    .as("ledger %s", i)
                    .isEqualByComparingTo(difference);
            assertThat(effects.values()).allMatch(value -> value.scale() <= 12);
        }
    }

    @Test
    void twiceTheSameIsVolumeAlone() {
        Drivers.Side before = side(100, "1", line("a", "input", "2", 1_000_000, "2"),
                line("a", "output", "8", 1_000_000, "8"));
        Drivers.Side now = side(200, "2", line("a", "input", "2", 2_000_000, "4"),
                line("a", "output", "8", 2_000_000, "16"));
        assertOnly(Drivers.between(before, now), Effect.VOLUME, "10");
    }

    @Test
    void anotherPriceForTheSameIsPriceAlone() {
        Drivers.Side before = side(100, "0", line("a", "input", "2", 1_000_000, "2"));
        Drivers.Side now = side(100, "0", line("a", "input", "1.5", 1_000_000, "1.5"));
        assertOnly(Drivers.between(before, now), Effect.PRICE, "-0.5");
    }

    @Test
    void aPriceThatChangesMidwayCountsForWhatWasBoughtAtIt() {
        Drivers.Side before = side(100, "0", line("a", "input", "2", 1_000_000, "2"));
        Drivers.Side now = side(100, "0", line("a", "input", "2", 600_000, "1.2"),
                line("a", "input", "3", 400_000, "1.2"));
        assertOnly(Drivers.between(before, now), Effect.PRICE, "0.4");
    }

    @Test
    void longerPromptsAndAnswersAreToldApart() {
        Drivers.Side before = side(100, "0", line("a", "input", "2", 1_000_000, "2"),
                line("a", "output", "8", 1_000_000, "8"));
        Drivers.Side now = side(100, "0", line("a", "input", "2", 2_000_000, "4"),
                line("a", "output", "8", 1_500_000, "12"));
        Map<Effect, BigDecimal> effects = Drivers.between(before, now);
        assertThat(effects.get(Effect.PROMPTS)).isEqualByComparingTo("2");
        assertThat(effects.get(Effect.ANSWERS)).isEqualByComparingTo("4");
        assertThat(effects.get(Effect.MIX)).isZero();
    }

    @Test
    void readingFromCachesIsNoCheaperModel() {
        Drivers.Side before = side(100, "0", line("a", "input", "2", 900_000, "1.8"),
                line("a", "cache_read", "0.2", 100_000, "0.02"));
        Drivers.Side now = side(100, "0", line("a", "input", "2", 100_000, "0.2"),
                line("a", "cache_read", "0.2", 900_000, "0.18"));
        assertOnly(Drivers.between(before, now), Effect.CACHE, "-1.44");
    }

    @Test
    void dearerModelsAtEqualTokensAreMix() {
        Drivers.Side before = side(100, "0", line("a", "input", "1", 1_000_000, "1"),
                line("b", "input", "3", 1_000_000, "3"));
        Drivers.Side now = side(100, "0", line("b", "input", "3", 2_000_000, "6"));
        assertOnly(Drivers.between(before, now), Effect.MIX, "2");
    }

    @Test
    void callsWithoutAnAnswerAreWaste() {
        Drivers.Side before = side(100, "0", line("a", "input", "1", 1_000_000, "1"));
        Drivers.Side now = side(100, "0.5", line("a", "input", "1", 1_500_000, "1.5"));
        assertOnly(Drivers.between(before, now), Effect.WASTE, "0.5");
    }

    @Test
    void fromNothingAllIsVolume() {
        Drivers.Side nothing = new Drivers.Side(0, List.of(), Map.of(), BigDecimal.ZERO, BigDecimal.ZERO);
        assertOnly(Drivers.between(nothing, side(5, "0", line("a", "input", "1", 10, "0.3"))), Effect.VOLUME, "0.3");
    }

    private static void assertOnly(Map<Effect, BigDecimal> effects, Effect only, String amount) {
        effects.forEach((effect, value) -> assertThat(value).as(effect.id())
                .isEqualByComparingTo(effect == only ? amount : "0"));
    }

    private static Drivers.Side side(long requests, String wasted, Drivers.Line... lines) {
        BigDecimal cost = List.of(lines).stream().map(Drivers.Line::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Drivers.Side(requests, List.of(lines), Map.of("a", new BigDecimal(wasted)), cost, BigDecimal.ZERO);
    }

    private static Drivers.Line line(String model, String bucket, String price, long quantity, String cost) {
        return new Drivers.Line(model, false, bucket, price, BigDecimal.valueOf(quantity), new BigDecimal(cost));
    }

    private static Drivers.Side random(SplittableRandom random) {
        List<Drivers.Line> lines = new ArrayList<>();
        Map<String, BigDecimal> wasted = new HashMap<>();
        BigDecimal cost = BigDecimal.ZERO;
        for (int i = random.nextInt(25); i > 0; i--) {
            String model = "m" + random.nextInt(4);
            String bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
            BigDecimal price = BigDecimal.valueOf(random.nextLong(1, 50_000), 3);
            BigDecimal quantity = BigDecimal.valueOf(random.nextLong(0, 9_000_000));
            boolean own = bucket.equals("vendor_reported") || bucket.equals("reservation");
            BigDecimal amount = own
                    ? BigDecimal.valueOf(random.nextLong(-1_000_000_000L, 9_000_000_000_000L), 12)
                    : quantity.multiply(price).movePointLeft(6);
            lines.add(new Drivers.Line(model, random.nextInt(5) == 0, bucket, own ? "" : price + "/1000000",
                    own ? BigDecimal.ONE : quantity, amount));
            wasted.merge(model, amount.multiply(BigDecimal.valueOf(random.nextInt(40), 2)), BigDecimal::add);
            cost = cost.add(amount);
        }
        return new Drivers.Side(random.nextLong(0, 5_000), lines, wasted,
                cost.setScale(12, java.math.RoundingMode.HALF_EVEN),
                BigDecimal.valueOf(random.nextLong(-1_000_000, 1_000_000), 6));
    }
}
