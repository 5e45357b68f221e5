package dev.pareto.policies.sheet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostCalculator;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.yaml.YamlException;
import dev.pareto.policies.yaml.YamlParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PriceSheetReaderTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static final String[] SINGLE = {"openai/gpt-5.6-sol", "openai/gpt-6-astra", "openai/gpt-6-sol",
            "openai/gpt-6-luna", "anthropic/claude-opus-5-5", "anthropic/claude-fable-5-1", "google/gemini-3.8-flash",
            "google/gemini-3.6-flash", "deepseek/deepseek-v4-pro", "deepseek/deepseek-v4-flash", "x-ai/grok-4.6",
            "moonshotai/kimi-k3", "zai/GLM-5.3", "zai/GLM-5.3-Flash", "dashscope/qwen3-max", "dashscope/qwen3.6-plus",
            "fireworks/deepseek-v4-pro", "fireworks/glm-5p2", "fireworks/kimi-k2p6", "fireworks/qwen3p7-plus"};

    private final PriceSheetReader reader = new PriceSheetReader();
    private final PriceBook book = new PriceBook(
            reader.shipped().stream().flatMap(sheet -> sheet.versions().stream()).toList());

    @Test
    void shippedPricesAreWhatTheVendorsList() {
        PriceVersion gpt4o = book.at("openai/gpt-4o", "standard", NOW).orElseThrow();

        Cost cost = new CostCalculator().cost(Usage.ofTokens(1000, 500), gpt4o, NOW);

        assertThat(cost.total()).isEqualTo(Money.usd("0.0075"));
        assertThat(cost.priceVersion()).isEqualTo("openai/gpt-4o:standard:2024-10-02");
    }

    @Test
    void aChangeOfPriceHoldsFromItsFirstMoment() {
        assertThat(inputPrice("openai/gpt-5.6-sol", "2026-08-20T23:59:59.999Z")).isEqualTo("5");
        assertThat(inputPrice("openai/gpt-5.6-sol", "2026-08-21T00:00:00Z")).isEqualTo("4");
    }

    @Test
    void noPriceIsKnownBeforeTheFirstRow() {
        assertThat(book.at("openai/gpt-5.6-sol", "standard", Instant.parse("2026-01-01T00:00:00Z"))).isEmpty();
        assertThat(book.at("openai/gpt-4o", "no-such-tier", NOW)).isEmpty();
    }

    @Test
    void longPromptsPayTheLongPromptPriceFromTheRightTokenOn() {
        PriceVersion sonnet = book.at("anthropic/claude-sonnet-4-5", "standard", NOW).orElseThrow();

        assertThat(sonnet.band(200_000, NOW).fromPromptTokens()).isZero();
        assertThat(sonnet.band(200_001, NOW).fromPromptTokens()).isEqualTo(200_001);
        assertThat(book.at("openai/gpt-5.4", "standard", NOW).orElseThrow().band(272_000, NOW).fromPromptTokens())
                .isEqualTo(272_000);
    }

    @Test
    void peakHoursEndExactlyWhenTheyEnd() {
        PriceVersion price = read(
                """
                vendor: deepseek
                currency: USD
                checked: 2026-11-21
                source: test
                models:
                  v4:
                    prices:
                      - {from: 2026-08-17, input: 0.66, bands: [{hours: [01:00-04:00, 06:00-10:00], input: 1.32}]}
                """).versions().getFirst();

        assertThat(unit(price, "2026-09-01T02:30:00Z")).isEqualTo("1.32");
        assertThat(unit(price, "2026-09-01T04:00:00Z")).isEqualTo("0.66");
        assertThat(unit(price, "2026-09-01T06:00:00Z")).isEqualTo("1.32");
    }

    @Test
    void aPriceEnteredPerTokenIsRefused() {
        assertThatThrownBy(() -> read(sheet("{from: 2026-01-01, input: {price: 8, per: 1}}")))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("test.yaml:8:")
                .hasMessageContaining("costs more than 1,000 per 1,000,000 tokens");
    }

    @Test
    void anUnknownBucketIsRefusedWithTheNearestOne() {
        assertThatThrownBy(() -> read(sheet("{from: 2026-01-01, input: 8, cache_reed: 1}")))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("did you mean 'cache_read'?");
    }

    @Test
    void aFloatingPointArtefactIsRefused() {
        assertThatThrownBy(() -> read(sheet("{from: 2026-01-01, input: 0.30001999999}")))
                .hasMessageContaining("more than six decimals");
    }

    @Test
    void twoVersionsAtTheSameMomentAreRefused() {
        PriceSheet twice = read(sheet("{from: 2026-01-01, input: 1}, {from: 2026-01-01, tier: standard, input: 2}"));

        assertThatThrownBy(() -> new PriceBook(twice.versions())).isInstanceOf(IllegalArgumentException.class);

        PriceSheet overlapping = read(
                sheet("{from: 2026-01-01, to: 2026-03-01, input: 1}, {from: 2026-02-01, input: 2}"));
        assertThatThrownBy(() -> new PriceBook(overlapping.versions())).hasMessageContaining("both hold at 2026-02-01");
    }

    @Test
    void twoCataloguesAgreeOnEveryPriceButTheOneThatIsMarked() throws IOException {
        Path csv = shared("prices/models_2026.csv");
        assumeThat(csv).as("the folder of shared price copies is not here").exists();
        Map<String, String[]> rows = new HashMap<>();
        List<String> lines = Files.readAllLines(csv);
        List<String> header = List.of(lines.getFirst().split(",", -1));
        lines.stream()
                .skip(1)
                .map(line -> line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
                .forEach(row -> rows.put(row[1], row));
        List<String> compared = new ArrayList<>();
        List<String> single = new ArrayList<>();
        for (PriceSheet sheet : reader.shipped()) {
            for (PriceSheet.Entry entry : sheet.models()) {
                String sku = sheet.vendor() + "/" + entry.name();
                String[] row = rows.get(sku);
                if (row == null) {
                    continue;
                }
                compared.add(sku);
                PriceBand base = book.at(sku, "standard", NOW).orElseThrow().band(0, NOW);
                long agreeing = Stream.of("genai", "litellm", "mdev")
                        .filter(catalogue -> agrees(row, header, "in_" + catalogue, base, Buckets.INPUT)
                                && agrees(row, header, "out_" + catalogue, base, Buckets.OUTPUT))
                        .count();
                assertThat(entry.agreedBy()).as(sku).hasSize((int) agreeing);
                if (agreeing < 2) {
                    single.add(sku);
                }
            }
        }
        assertThat(compared).hasSizeGreaterThan(65);
        // New models that one catalogue has, prices that changed since the others were copied, and a launch price that ended.
        assertThat(single).containsExactlyInAnyOrder(SINGLE);
    }

    private static boolean agrees(String[] row, List<String> header, String column, PriceBand band, String bucket) {
        String cell = row[header.indexOf(column)];
        UnitPrice price = band.prices().get(bucket);
        if (price == null) {
            return bucket.equals(Buckets.OUTPUT)
                    && (!cell.isEmpty() || !row[header.indexOf(column.replace("out_", "in_"))].isEmpty());
        }
        return !cell.isEmpty() && new BigDecimal(cell).compareTo(price.price()) == 0;
    }

    private static Path shared(String name) {
        Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        return folder == null ? Path.of("missing") : folder.resolveSibling("shared").resolve(name);
    }

    private String inputPrice(String sku, String at) {
        return unit(book.at(sku, "standard", Instant.parse(at)).orElseThrow(), at);
    }

    private static String unit(PriceVersion price, String at) {
        UnitPrice unit = Objects.requireNonNull(price.band(10, Instant.parse(at)).prices().get("input"));
        return Money.plain(unit.price());
    }

    private static String sheet(String rows) {
        return """
               vendor: acme
               currency: USD
               checked: 2026-11-21
               source: test
               models:
                 m:
                   prices:
                     - %s
               """.formatted(rows.replace("}, {", "}\n      - {"));
    }

    private PriceSheet read(String text) {
        return reader.read(YamlParser.parse("test.yaml", text, name -> null));
    }
}
