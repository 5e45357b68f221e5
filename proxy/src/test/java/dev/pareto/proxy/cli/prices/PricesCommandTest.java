package dev.pareto.proxy.cli.prices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.proxy.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands of {@code ./pareto prices} as a user meets them. */
final class PricesCommandTest {

    private static final String ENTRY = """
                                        {"id": "a", "dialect": "openai.chat", "service_tier": "standard",
                                         "usage_raw": {"usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}},
                                         "prices": {"input": {"price": "2.5", "per": "1000000"}, "output": {"price": "10", "per": "1000000"}}}""";

    @TempDir
    private Path folder;

    @Test
    void costHasTheShapeThatScriptsRelyOn() throws IOException {
        Ran ran = prices("cost", file("[" + ENTRY + "]"), "--json");

        assertThat(ran.status()).isZero();
        JsonNode answer = new JsonMapper().readTree(ran.out()).path(0);
        assertThat(answer.path("id").asString("")).isEqualTo("a");
        assertThat(answer.path("buckets").toString()).isEqualTo("{\"input\":\"1000\",\"output\":\"500\"}");
        assertThat(answer.path("lines").path(1).toString()).isEqualTo(
                "{\"bucket\":\"output\",\"quantity\":\"500\",\"unit_price\":\"10\",\"per\":\"1000000\",\"cost\":\"0.005\"}");
        assertThat(answer.path("cost").asString("")).isEqualTo("0.0075");
        assertThat(answer.path("price_status").asString("")).isEqualTo("PRICED");
    }

    @Test
    void anUnpricedEntryHasNoCostAndARefusedOneSaysWhy() throws IOException {
        Ran ran = prices("cost",
                file("[" + ENTRY.replace("\"2.5\"", "null") + ", {\"id\": \"b\", \"dialect\": \"martian\"}]"),
                "--json");

        assertThat(ran.status()).isEqualTo(1);
        JsonNode answer = new JsonMapper().readTree(ran.out());
        assertThat(answer.path(0).path("cost").isNull()).isTrue();
        assertThat(answer.path(0).path("price_status").asString("")).isEqualTo("MISSING");
        assertThat(answer.path(0).path("lines").path(0).path("unit_price").isNull()).isTrue();
        assertThat(answer.path(1).path("error").asString("")).contains("no usage_raw");
    }

    @Test
    void aRefusedEntryHasTheWholeShapeAndItsOwnId() throws IOException {
        Ran ran = prices("cost", file("[" + ENTRY.replace("\"a\"", "7") + ", {\"id\": 8, \"dialect\": \"martian\"}]"),
                "--json");

        JsonNode answer = new JsonMapper().readTree(ran.out());
        assertThat(answer.path(0).path("id").isInt()).isTrue();
        assertThat(answer.path(1).path("id").isInt()).isTrue();
        assertThat(answer.path(1).propertyNames()).containsAll(answer.path(0).propertyNames());
        assertThat(answer.path(1).path("price_status").asString("")).isEqualTo("MISSING");
        assertThat(answer.path(1).path("flags").toString()).isEqualTo("[\"refused\"]");
        assertThat(answer.path(1).path("lines").toString()).isEqualTo("[]");
        assertThat(answer.path(1).path("buckets").toString()).isEqualTo("{}");
        assertThat(answer.path(1).path("cost").isNull()).isTrue();
    }

    @Test
    void aFileMayBeginWithAMarkOfItsByteOrder() throws IOException {
        assertThat(prices("cost", file("\uFEFF" + ENTRY), "--json").status()).isZero();
    }

    @Test
    void anUnknownCountIsNullAndADerivedOneIsFlagged() throws IOException {
        JsonNode unknown = new JsonMapper().readTree(
                prices("cost", file(ENTRY.replace("1000,", "null,").replace(", \"total_tokens\": 1500", "")), "--json")
                        .out())
                .path(0);
        assertThat(unknown.path("cost").isNull()).isTrue();
        assertThat(unknown.path("buckets").toString()).isEqualTo("{\"output\":\"500\",\"input\":null}");
        assertThat(unknown.path("flags").toString()).isEqualTo("[\"usage_unknown\",\"unpriced\"]");
        JsonNode derived = new JsonMapper()
                .readTree(prices("cost", file(ENTRY.replace("1000,", "null,")), "--json").out())
                .path(0);
        assertThat(derived.path("cost").asString("")).isEqualTo("0.0075");
        assertThat(derived.path("flags").toString()).isEqualTo("[\"usage_derived\"]");
    }

    @Test
    void tokenCostsAreShownWithEveryDecimal() throws IOException {
        JsonNode answer = new JsonMapper()
                .readTree(prices("cost", file(ENTRY.replace("\"2.5\"", "\"0.0000000001234567\"")), "--json").out())
                .path(0);
        assertThat(answer.path("lines").path(0).path("cost").asString("")).isEqualTo("0.0000000000001234567");
        assertThat(answer.path("cost").asString("")).isEqualTo("0.0050000000001234567");
        assertThat(answer.path("list_cost").asString("")).isEqualTo("0.0050000000001234567");
    }

    @Test
    void aFileThatSaysAPriceTwiceIsRefused() throws IOException {
        Ran ran = prices("cost", file("[" + ENTRY.replace("\"output\":", "\"input\":") + "]"));

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("is not JSON").contains("input").hasLineCount(1);
    }

    @Test
    void totalsAreShownInAnotherCurrency() throws IOException {
        Path rates = Files.writeString(folder.resolve("rates.yaml"),
                "{base: USD, source: ECB, rates: {" + java.time.LocalDate.now(java.time.ZoneOffset.UTC)
                        + ": {EUR: 0.9173}}}");
        Ran ran = prices("cost", file(ENTRY), "--json", "--currency", "EUR", "--rates", rates.toString());

        assertThat(new JsonMapper().readTree(ran.out()).path(0).path("converted").path("cost").asString(""))
                .isEqualTo("0.00687975");
    }

    @Test
    void ourOwnFilesPassTheLintAndABadOneDoesNot() throws IOException {
        assertThat(prices("lint").out()).contains("0 errors, 0 warnings");
        Path bad = Files.writeString(folder.resolve("bad.yaml"),
                """
                {vendor: acme, currency: USD, checked: 2026-11-21, source: test,
                 models: {m: {can: [chat], prices: [{from: 2026-01-01, input: 1}]}}}""");
        Ran ran = prices("check", bad.toString(), "--json");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(new JsonMapper().readTree(ran.out()).findValuesAsString("rule")).contains("one-sided");
    }

    @Test
    void aCatalogueIsImportedProposedAndAccepted() throws Exception {
        Path catalogue = Files.writeString(folder.resolve("litellm.json"),
                """
                {"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05},
                 "gpt-4.1": {"litellm_provider": "openai", "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06},
                 "gpt-5": {"litellm_provider": "openai", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-05}}""");

        Ran imported = prices("import", "litellm", catalogue.toString(), "--as-of", "2026-11-20");
        assertThat(imported.out()).contains("3 prices read").contains("1 agree").contains("2 new proposals");
        assertThat(sku("openai/gpt-4o")).isEqualTo("2.5");

        JsonNode proposals = new JsonMapper().readTree(prices("proposals", "--json").out());
        String wanted = "";
        String unwanted = "";
        for (JsonNode proposal : proposals) {
            if (proposal.path("sku").asString("").equals("openai/gpt-4o")) {
                wanted = proposal.path("id").asString("");
            } else {
                unwanted = proposal.path("id").asString("");
            }
        }
        assertThat(prices("proposals").out()).contains(wanted + "  openai/gpt-4o standard")
                .contains("2.5 -> 2  (-20 %)");
        Ran accepted = prices("accept", wanted, "--from", "2026-01-01", "--by", "ann");
        assertThat(accepted.out()).contains("accepted " + wanted).contains("wrote ");
        assertThat(sku("openai/gpt-4o")).isEqualTo("2");
        assertThat(prices("reject", unwanted, "--by", "ann").out()).contains("rejected 1");
        assertThat(prices("proposals").out()).contains("0 proposals.");

        assertThat(prices("accept", wanted, "--from", "2026-02-01").err()).contains("decided before, by ann")
                .hasLineCount(1);
        assertThat(prices("accept", "--from", "2026-02-01").err()).contains("name proposals, or write --by-rule");
        assertThat(prices("import", "litellm", catalogue.toString(), "--as-of", "2026-11-21").out())
                .contains("0 proposals are open");
        try (Stream<Path> written = Files.list(folder.resolve("prices"))) {
            assertThat(written.map(path -> path.getFileName().toString())).filteredOn(name -> name.endsWith(".yaml"))
                    .hasSize(1);
        }
    }

    @Test
    void smallChangesAreAcceptedByTheConfigurationsRuleFromTheNextDayOn() throws Exception {
        Files.writeString(folder.resolve("pareto.yaml"),
                "price-proposals: {accept: {at-most: 5 %, agreed-by: 1}}\n");
        Path catalogue = Files.writeString(folder.resolve("litellm.json"),
                """
                {"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 2.4e-06, "output_cost_per_token": 1e-05},
                 "gpt-5": {"litellm_provider": "openai", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-05}}""");

        Ran ran = prices("import", "litellm", catalogue.toString(), "--as-of", "2026-11-20");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains("2 new proposals")
                .contains("1 of them accepted by the configuration (rule: at most 5 %, agreed by 1)")
                .contains("1 proposals are open");
        assertThat(prices("proposals", "--all").out())
                .contains("accepted by rule: at most 5 %, agreed by 1")
                .contains("2.5 -> 2.4");
        Instant tomorrow = java.time.LocalDate.now(java.time.ZoneOffset.UTC)
                .plusDays(1)
                .atStartOfDay(java.time.ZoneOffset.UTC)
                .toInstant();
        assertThat(sku("openai/gpt-4o", tomorrow.minusSeconds(1))).isEqualTo("2.5");
        assertThat(sku("openai/gpt-4o", tomorrow)).isEqualTo("2.4");
    }

    @Test
    void whyAPriceWasRejectedIsKept() throws Exception {
        Path catalogue = Files.writeString(folder.resolve("litellm.json"),
                """
                {"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05}}""");
        prices("import", "litellm", catalogue.toString(), "--as-of", "2026-11-20");
        String id = new JsonMapper().readTree(prices("proposals", "--json").out()).path(0).path("id").asString("");

        assertThat(prices("reject", id, "--by", "ann", "--reason", " ").err()).contains("a reason has 1 to 300");
        prices("reject", id, "--by", "ann", "--reason", "the vendor says 2.5");

        assertThat(prices("proposals", "--all").out()).contains("rejected by ann: the vendor says 2.5");
    }

    @Test
    void whatWouldContradictTheBookIsTakenBack() throws Exception {
        Path catalogue = Files.writeString(folder.resolve("litellm.json"),
                """
                {"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05}}""");
        prices("import", "litellm", catalogue.toString(), "--as-of", "2026-11-20");
        String id = new JsonMapper().readTree(prices("proposals", "--json").out()).path(0).path("id").asString("");

        Ran ran = prices("accept", id, "--from", "2024-10-02");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("contradict itself").hasLineCount(1);
        try (Stream<Path> written = Files.list(folder.resolve("prices"))) {
            assertThat(written.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("proposals.json", ".proposals.lock");
        }
        assertThat(prices("proposals").out()).contains("1 proposals.");
    }

    @Test
    void theBookIsListedWithDatesAndSources() {
        assertThat(prices("list", "deepseek/deepseek-v4-pro").out())
                .contains("deepseek/deepseek-v4-pro:standard:2026-08-17")
                .contains("01:00-04:00, 06:00-10:00 UTC: input 1.32")
                .contains("https://api-docs.deepseek.com");
    }

    private String sku(String sku) throws Exception {
        return sku(sku, Instant.parse("2026-11-22T00:00:00Z"));
    }

    private String sku(String sku, Instant at) throws Exception {
        return Objects
                .requireNonNull(PriceSheetReader.book(ConfigReader.priceSheets(folder.resolve("pareto.yaml"), Map.of()))
                        .at(sku, "standard", at)
                        .orElseThrow()
                        .bands()
                        .getFirst()
                        .prices()
                        .get("input"))
                .price()
                .toPlainString();
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("entries.json"), text).toString();
    }

    private Ran prices(String command, String... more) {
        var arguments = new ArrayList<>(
                List.of("prices", command, "--config", folder.resolve("pareto.yaml").toString()));
        arguments.addAll(List.of(more));
        return Ran.of(arguments);
    }
}
