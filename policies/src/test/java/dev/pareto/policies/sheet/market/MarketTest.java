package dev.pareto.policies.sheet.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.sheet.Finding;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.yaml.YamlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Catalogues become proposals, proposals become price files, and nothing changes in between. */
final class MarketTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");

    private static final String LITELLM = """
                                          {"sample_spec": {"litellm_provider": "one of"},
                                           "big": {"litellm_provider": "openai", "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06,
                                             "cache_read_input_token_cost": 5e-07, "input_cost_per_token_above_272k_tokens": 4e-06,
                                             "output_cost_per_token_above_272k_tokens": 1.2e-05, "input_cost_per_token_batches": 1e-06,
                                             "output_cost_per_token_batches": 4e-06, "input_cost_per_token_priority": 4e-06, "output_cost_per_token_priority": 1.6e-05},
                                           "claude": {"litellm_provider": "anthropic", "input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05,
                                             "cache_creation_input_token_cost": 3.75e-06, "cache_creation_input_token_cost_above_1hr": 6e-06,
                                             "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.2e-05},
                                           "dashscope/qwen": {"litellm_provider": "dashscope", "tiered_pricing": [
                                             {"input_cost_per_token": 1.2e-06, "output_cost_per_token": 6e-06, "range": [0, 32000.0]},
                                             {"input_cost_per_token": 2.4e-06, "output_cost_per_token": 1.2e-05, "range": [32000.0, 128000.0]}]},
                                           "noisy": {"litellm_provider": "openai", "input_cost_per_token": 3.0001999999999996E-7, "output_cost_per_token": 1e-6},
                                           "wrong": {"litellm_provider": "openai", "input_cost_per_token": "free"},
                                           "other": {"litellm_provider": "wandb", "input_cost_per_token": 0.015}}""";

    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private final PriceBook book = PriceSheetReader.book(List.of(sheet()));

    @TempDir
    private Path folder;

    @Test
    void liteLlmsKeysAreTiersAndBands() {
        Catalogue.Reading reading = new LiteLlm().read(json.readTree(LITELLM), NOW);

        assertThat(reading.refused()).singleElement().asString().contains("wrong").contains("is no price");
        Quote standard = quote(reading, "openai/big", "standard");
        assertThat(standard.bands()).hasSize(2);
        assertThat(standard.bands().getFirst().prices()).containsEntry("cache_read", UnitPrice.perMillion("0.5"));
        assertThat(standard.bands().getLast().fromPromptTokens()).isEqualTo(272_001);
        assertThat(standard.bands().getLast().prices()).containsEntry("output", UnitPrice.perMillion("12"));
        assertThat(quote(reading, "openai/big", "batch").bands().getFirst().prices())
                .containsEntry("input", UnitPrice.perMillion("1"));
        assertThat(quote(reading, "openai/big", "priority").bands().getFirst().prices())
                .containsEntry("output", UnitPrice.perMillion("16"));
        Quote claude = quote(reading, "anthropic/claude", "standard");
        assertThat(claude.bands().getFirst().prices()).containsEntry("cache_write_5m", UnitPrice.perMillion("3.75"))
                .containsEntry("cache_write_1h", UnitPrice.perMillion("6"));
        assertThat(claude.bands().getLast().prices()).containsEntry("cache_write_1h", UnitPrice.perMillion("12"));
        assertThat(quote(reading, "dashscope/qwen", "standard").bands().getLast().fromPromptTokens()).isEqualTo(32_001);
    }

    @Test
    void aMisspeltKeyOfModelsDevIsRefused() {
        Catalogue.Reading reading = new ModelsDev().read(
                json.readTree(
                        """
                        {"openai": {"models": {"big": {"cost": {"input": 2, "output": 8, "tiers": [{"tier": {"size": 272000}, "input": 4}]}},
                         "odd": {"cost": {"input": 2, "cached_input": 1}}}}}"""),
                NOW);

        assertThat(reading.refused()).singleElement().asString().contains("unknown key 'cached_input'");
        assertThat(quote(reading, "openai/big", "standard").bands().getLast().fromPromptTokens()).isEqualTo(272_001);
    }

    @Test
    void openRoutersPricesAreItsVendorsOwn() {
        Catalogue.Reading reading = new OpenRouter().read(
                json.readTree(
                        """
                        {"data": [{"id": "openai/big", "pricing": {"prompt": "0.000002", "completion": "0.000008", "request": "0"}},
                         {"id": "openai/big:free", "pricing": {"prompt": "0", "completion": "0"}},
                         {"id": "stranger/x", "pricing": {"prompt": "0.000001", "completion": "-1"}}]}"""),
                NOW);

        assertThat(quote(reading, "openai/big", "standard").bands().getFirst().prices())
                .containsOnlyKeys("input", "output")
                .containsEntry("input", UnitPrice.perMillion("2"));
        assertThat(reading.quotes()).extracting(Quote::sku).contains("openrouter/openai/big:free");
        assertThat(reading.refused()).singleElement().asString().contains("stranger/x");
    }

    @Test
    void genaiPricesKnowsDatesHoursAndAnnouncements() {
        Catalogue.Reading reading = new GenaiPrices().read(json.readTree(
                """
                {"providers": [{"id": "deepseek", "models": [{"id": "v4", "prices": [{"prices": {"input_mtok": 0.4}},
                  {"constraint": {"start_date": "2026-08-17"}, "prices": {"input_mtok": 0.66}},
                  {"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 1}},
                  {"constraint": {"start_time": "01:00:00Z", "end_time": "04:00:00Z"}, "prices": {"input_mtok": 1.32}}]}]}]}"""),
                NOW);

        assertThat(reading.quotes()).hasSize(2);
        Quote now = reading.quotes().getFirst();
        assertThat(now.from()).isNull();
        assertThat(now.bands()).hasSize(2);
        assertThat(now.bands().getFirst().prices()).containsEntry("input", UnitPrice.perMillion("0.66"));
        assertThat(reading.quotes().getLast().from()).isEqualTo(Instant.parse("2027-01-01T00:00:00Z"));
    }

    @Test
    void aStrangersFileIsRefused() {
        for (Catalogue catalogue : Catalogue.all()) {
            assertThatThrownBy(() -> catalogue.read(json.readTree("{\"hello\": []}"), NOW)).as(catalogue.name())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("this is not");
        }
    }

    @Test
    void whatDiffersIsProposedAndWhatAgreesIsNot() {
        Proposals.Outcome outcome = read(new Proposals(List.of()), "litellm",
                "{\"big\": " + entry("2e-06", "1e-05") + "}");

        assertThat(outcome.compared()).isEqualTo(1);
        assertThat(outcome.same()).isZero();
        Proposal proposal = outcome.proposals().open().getFirst();
        assertThat(proposal.replaces()).isEqualTo("openai/big:standard:2026-01-01");
        assertThat(proposal.changes()).singleElement().satisfies(change -> {
            assertThat(change.bucket()).isEqualTo("output");
            assertThat(Money.plain(Objects.requireNonNull(change.before()))).isEqualTo("8");
            assertThat(Money.plain(Objects.requireNonNull(change.percent()))).isEqualTo("25");
        });
        assertThat(proposal.bands().getFirst().prices()).containsKey("web_search");
        assertThat(proposal.soundByRule()).isFalse();
        assertThat(read(outcome.proposals(), "litellm", "{\"big\": " + entry("2e-06", "8e-06") + "}").same())
                .isEqualTo(1);
    }

    @Test
    void aSecondCatalogueBacksTheProposalAndTheRuleAcceptsIt() {
        Proposals first = read(new Proposals(List.of()), "litellm", "{\"big\": " + entry("2e-06", "1e-05") + "}")
                .proposals();
        Proposals again = read(first, "litellm", "{\"big\": " + entry("2e-06", "1e-05") + "}").proposals();
        assertThat(again.open().getFirst().sources()).hasSize(1);

        Proposals second = read(again, "openrouter", "{\"big\": " + entry("2e-06", "1e-05") + "}").proposals();

        assertThat(second.open()).hasSize(1);
        assertThat(second.open().getFirst().sources()).extracting(Proposal.Source::catalogue)
                .containsExactly("litellm", "openrouter");
        assertThat(second.open().getFirst().soundByRule()).isTrue();
    }

    @Test
    void theRuleAcceptsNoLargeChangeAndNothingThatALintMinds() {
        Proposals doubled = read(
                read(new Proposals(List.of()), "litellm", "{\"big\": " + entry("2e-06", "2e-05") + "}").proposals(),
                "openrouter", "{\"big\": " + entry("2e-06", "2e-05") + "}").proposals();
        assertThat(doubled.open().getFirst().soundByRule()).isFalse();

        Proposal noise = read(new Proposals(List.of()), "litellm",
                "{\"big\": " + entry("2.0000000001e-06", "8e-06") + "}").proposals()
                .open()
                .getFirst();
        assertThat(noise.findings()).extracting(Finding::severity).contains(Finding.Severity.ERROR);
    }

    @Test
    void oneSideOfATierCannotBeAccepted() {
        Proposal proposal = read(new Proposals(List.of()), "litellm",
                "{\"big\": {\"litellm_provider\": \"openai\", \"input_cost_per_token_priority\": 5e-05}}").proposals()
                .open()
                .getFirst();
        assertThat(proposal.serviceTier()).isEqualTo("priority");
        assertThat(proposal.findings()).extracting(Finding::rule).containsExactly("tier-one-sided");
    }

    @Test
    void reasoningThatCostsWhatTheAnswerCostsIsNoChange() {
        assertThat(read(new Proposals(List.of()), "litellm",
                """
                {"big": {"litellm_provider": "openai", "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06,
                 "output_cost_per_reasoning_token": 8e-06}}""").same()).isEqualTo(1);
    }

    @Test
    void aDecisionIsFinal() {
        Proposals proposals = read(new Proposals(List.of()), "litellm", "{\"big\": " + entry("2e-06", "1e-05") + "}")
                .proposals();
        Proposal rejected = proposals.open().getFirst().decided(Proposal.State.REJECTED, NOW, "ann");
        Proposals after = proposals.replacing(rejected);

        assertThat(read(after, "openrouter", "{\"big\": " + entry("2e-06", "1e-05") + "}").proposals().open())
                .isEmpty();
        assertThatThrownBy(() -> rejected.decided(Proposal.State.ACCEPTED, NOW, "bob")).hasMessageContaining("by ann");
    }

    @Test
    void anAcceptedProposalIsAPriceFileThatHoldsFromItsDay() {
        Proposals proposals = read(new Proposals(List.of()), "litellm", "{\"big\": " + entry("1e-06", "1e-05") + "}")
                .proposals();
        Instant from = Instant.parse("2026-12-01T00:00:00Z");
        String text = AcceptedSheet.text("openai", proposals.open(), from, "ann\n: x", NOW);

        PriceSheet accepted = new PriceSheetReader().read(YamlParser.parse("accepted.yaml", text, name -> null));
        PriceBook after = PriceSheetReader.book(List.of(sheet(), accepted));

        PriceVersion version = after.at("openai/big", "standard", from).orElseThrow();
        assertThat(version.bands().getFirst().prices()).containsEntry("input", UnitPrice.perMillion("1"))
                .containsEntry("output", UnitPrice.perMillion("10"));
        assertThat(version.bands().getFirst().prices().get("web_search"))
                .isEqualTo(book.at("openai/big", "standard", NOW)
                        .orElseThrow()
                        .bands()
                        .getFirst()
                        .prices()
                        .get("web_search"));
        assertThat(version.bands()).extracting(band -> band.fromPromptTokens()).containsExactly(0L, 272_000L);
        assertThat(version.source()).contains("litellm 2026-11-20");
        assertThat(after.at("openai/big", "standard", from.minusSeconds(1)).orElseThrow().id())
                .isEqualTo("openai/big:standard:2026-01-01");
    }

    @Test
    void proposalsSurviveTheirFile() throws IOException {
        ProposalFile file = new ProposalFile(folder.resolve("deep/proposals.json"));
        assertThat(file.read().all()).isEmpty();
        Proposals proposals = read(new Proposals(List.of()), "litellm", "{\"big\": " + entry("1e-06", "1e-05") + "}")
                .proposals();
        Proposals decided = proposals
                .replacing(proposals.open().getFirst().decided(Proposal.State.ACCEPTED, NOW, "ann"));

        file.write(decided);

        assertThat(file.read()).isEqualTo(decided);
        Files.writeString(folder.resolve("deep/proposals.json"), "{");
        assertThatThrownBy(file::read).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no file of proposals");
    }

    @Test
    void theWholeCataloguesCanBeRead() throws IOException {
        Map<String, String> files = Map.of("litellm", "litellm_model_prices_2026-08-01.json", "models.dev",
                "models_dev_2026-07-02.json", "genai-prices", "genai_prices_npm-0.1.8_2026-09-23.json");
        PriceBook shipped = PriceSheetReader.book(new PriceSheetReader().shipped());
        List<String> told = new ArrayList<>();
        for (Catalogue catalogue : Catalogue.all()) {
            String name = files.get(catalogue.name());
            if (name == null) {
                continue;
            }
            Path path = shared("prices/" + name);
            assumeThat(path).as("the folder of shared price copies is not here").exists();
            Catalogue.Reading reading = catalogue.read(json.readTree(Files.readString(path)), NOW);
            Proposals.Outcome outcome = new Proposals(List.of()).with(reading.quotes(), shipped, Map.of(), Set.of(),
                    catalogue.name(), DAY, NOW);
            told.add(catalogue.name());
            assertThat(reading.quotes().size()).as(catalogue.name()).isGreaterThan(300);
            assertThat(outcome.compared()).as(catalogue.name()).isGreaterThan(25);
            // Most of the book is what the catalogues say: it was entered from them.
            assertThat(outcome.same() * 2).as(catalogue.name() + " " + outcome.compared())
                    .isGreaterThan(outcome.compared());
        }
        assertThat(told).hasSize(3);
    }

    private Proposals.Outcome read(Proposals before, String catalogue, String liteLlm) {
        JsonNode file = json.readTree(liteLlm);
        return before.with(new LiteLlm().read(file, NOW).quotes(), book, Map.of(), Set.of(), catalogue, DAY, NOW);
    }

    private static String entry(String input, String output) {
        return "{\"litellm_provider\": \"openai\", \"input_cost_per_token\": " + input + ", \"output_cost_per_token\": "
                + output + "}";
    }

    private static Quote quote(Catalogue.Reading reading, String sku, String tier) {
        return reading.quotes()
                .stream()
                .filter(quote -> quote.sku().equals(sku) && quote.serviceTier().equals(tier))
                .findFirst()
                .orElseThrow();
    }

    private static PriceSheet sheet() {
        return new PriceSheetReader().read(YamlParser.parse("openai.yaml",
                """
                vendor: openai
                currency: USD
                checked: 2026-11-21
                source: test
                models:
                  big:
                    prices:
                      - {from: 2026-01-01, input: 2, output: 8, web_search: {price: 10, per: 1000},
                         bands: [{from: 272000, input: 4, output: 12}]}
                """, name -> null));
    }

    private static Path shared(String name) {
        Path here = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (here != null && !Files.exists(here.resolve(".mvn"))) {
            here = here.getParent();
        }
        return here == null ? Path.of("missing") : here.resolveSibling("shared").resolve(name);
    }
}
