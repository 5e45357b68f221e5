package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.paired.PairedTable;
import dev.pareto.evals.stats.paired.Tango;
import dev.pareto.evals.stats.sequential.PluginGro;
import dev.pareto.policies.swap.Outcome;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The strongest evidence that the engine is right: candidates that are truly worse by exactly the margin, over and over,
 * looked at after every item. At most one in twenty may slip through; and candidates that are as good must get through as often
 * as the published simulation of 4,000 runs says. The figures are printed.
 */
final class NullControlTest {

    private static final int SEEDS = 2_000;
    private static final int PUBLISHED_RUNS = 4_000;
    private static final double ALPHA = 0.05;
    /** 5 % plus three Monte Carlo standard errors. */
    private static final double MOST = ALPHA + 3 * Math.sqrt(ALPHA * (1 - ALPHA) / SEEDS);

    /** Shares of the seeds with each outcome, and items used on average. */
    private record Simulated(double nonInferior, double inferior, double meanItems) {

        @Override
        public String toString() {
            return "accepted %.2f %%, refused %.2f %%, %.0f items".formatted(100 * nonInferior, 100 * inferior,
                    meanItems);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void acceptsAtMostOneInTwentyThatAreWorseByTheMarginAndAsManyOthersAsPublished(JsonNode setting) {
        double margin = setting.get("delta").asDouble();
        System.out.printf("%s of the items discordant, margin %s, at most %d items, %d seeds:%n",
                setting.get("p_disc"), margin, setting.get("n_max").asInt(), SEEDS);
        Simulated worse = simulate(setting, "worse by the margin", -margin);
        assertThat(worse.nonInferior()).as("false accepts").isLessThanOrEqualTo(MOST);
        agrees(worse, setting.get("H0_boundary"), setting);
        agrees(simulate(setting, "equal", 0), setting.get("H1_equal"), setting);
        agrees(simulate(setting, "half the margin worse", -margin / 2), setting.get("H1_half_margin"), setting);
        agrees(simulate(setting, "half the margin better", margin / 2), setting.get("H1_better_by_half_margin"),
                setting);
        agrees(simulate(setting, "twice the margin worse", -2 * margin), setting.get("inferior_2delta"), setting);
    }

    /** The six rows of the research table. */
    static Stream<JsonNode> settings() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                NullControlTest.class.getResourceAsStream("/dev/pareto/evals/sim_plugin_gro.json"))) {
            return JsonMapper.shared()
                    .readTree(in.readAllBytes())
                    .valueStream()
                    .filter(setting -> setting.has("inferior_2delta"))
                    .toList()
                    .stream();
        }
    }

    private static Simulated simulate(JsonNode setting, String name, double difference) {
        int nonInferior = 0;
        int inferior = 0;
        long items = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PluginGro process = new PluginGro(setting.get("delta").asDouble(), ALPHA, 1,
                    PluginGro.Parameters.STANDARD);
            double discordant = setting.get("p_disc").asDouble();
            int most = setting.get("n_max").asInt();
            while (process.n() < most && process.outcome() == Outcome.INCONCLUSIVE) {
                process.add(draw(random, discordant, difference));
            }
            nonInferior += process.outcome() == Outcome.NON_INFERIOR ? 1 : 0;
            inferior += process.outcome() == Outcome.INFERIOR ? 1 : 0;
            items += process.n();
        }
        Simulated result = new Simulated((double) nonInferior / SEEDS, (double) inferior / SEEDS,
                (double) items / SEEDS);
        System.out.println("  " + name + ": " + result);
        return result;
    }

    private static void agrees(Simulated ours, JsonNode published, JsonNode setting) {
        JsonNode decision = published.get("two_sided_decision");
        assertThat(ours.nonInferior()).isCloseTo(decision.get("noninferior").asDouble(),
                within(error(decision.get("noninferior").asDouble())));
        assertThat(ours.inferior()).isCloseTo(decision.get("inferior").asDouble(),
                within(error(decision.get("inferior").asDouble())));
        double spread = setting.get("n_max").asInt() / 2.0;
        assertThat(ours.meanItems()).isCloseTo(decision.get("mean_n").asDouble(),
                within(3.5 * spread * Math.sqrt(1.0 / SEEDS + 1.0 / PUBLISHED_RUNS)));
    }

    /** Three and a half standard errors of the difference of two simulated shares. */
    private static double error(double share) {
        double variance = Math.max(share * (1 - share), 1.0 / SEEDS);
        return 3.5 * Math.sqrt(variance * (1.0 / SEEDS + 1.0 / PUBLISHED_RUNS));
    }

    @ParameterizedTest
    @CsvSource({"0.10, 0.03, 1000", "0.05, 0.02, 1500", "0.20, 0.05, 1000", "0.30, 0.05, 700"})
    void fixedTestAcceptsTooBadCandidatesAtMostOneTimeInTwenty(double discordant, double margin, int items) {
        int accepted = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            accepted += fixed(new SplittableRandom(seed), discordant, -margin, margin, items).goodEnough() ? 1 : 0;
        }
        assertThat((double) accepted / SEEDS).isLessThanOrEqualTo(MOST);
    }

    @ParameterizedTest
    @CsvSource({"0.10, 0.02, 1546", "0.10, 0.05, 248", "0.30, 0.05, 742"})
    void fixedTestOfThePlannedSizeFindsFourInFiveEqualCandidates(double discordant, double margin, int items) {
        int accepted = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            accepted += fixed(new SplittableRandom(seed), discordant, 0, margin, items).goodEnough() ? 1 : 0;
        }
        System.out.printf("fixed, %s discordant, margin %s, %d items: %.1f %% of equal candidates accepted%n",
                discordant, margin, items, 100.0 * accepted / SEEDS);
        assertThat((double) accepted / SEEDS).isCloseTo(0.8, within(0.04));
    }

    private static Outcome fixed(SplittableRandom random, double discordant, double difference, double margin,
            int items) {
        int[] cells = new int[3];
        for (int i = 0; i < items; i++) {
            cells[draw(random, discordant, difference) + 1]++;
        }
        return Margins.outcome(Tango.interval(new PairedTable(cells[1], cells[2], cells[0], 0), 1 - 2 * ALPHA), margin);
    }

    /** -1, 0 or 1 with P(not 0) = {@code discordant} and mean {@code difference}. */
    private static int draw(SplittableRandom random, double discordant, double difference) {
        double u = random.nextDouble();
        double worse = (discordant - difference) / 2;
        return u < worse ? -1 : u < discordant ? 1 : 0;
    }
}
