package dev.pareto.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Script;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embeddings and rankings are paid by what is read, or by the search: what they cost is known before. */
final class InputOnlyTest {

    private static final String EMBED = "{\"model\":\"vectors\",\"input\":\"" + "word ".repeat(800) + "\"}";
    private static final String RANK = "{\"model\":\"ranks\",\"query\":\"q\",\"documents\":[\"a\",\"b\"]}";

    private final FakeVendor vendor = new FakeVendor().answers(InputOnlyTest::answer);
    private Gateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) {
        gateway = Gateway.start(folder,
                """
                vendors:
                  v: {dialect: openai, url: '%s', retries: 0, models: {
                      embed: {can: [embedding], prices: [{from: 2020-01-01, input: 10}]},
                      rank: {prices: [{from: 2020-01-01, search_unit: {price: 2, per: 1000}}]}}}
                routes:
                  vectors: {candidates: [v/embed], policy: cheap}
                  ranks: {candidates: [v/rank], policy: cheap}
                policies:
                  cheap: {minimise: cost, subject-to: {cost: {at-most: 0.02 USD}}, when-infeasible: reject}
                budgets:
                  all: {scope: all, amount: 0.05 USD, when-used-up: refuse}
                """
                        .formatted(vendor.url()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        vendor.close();
    }

    private static Script answer(FakeVendor.Seen call) {
        return Script.json(200, call.path().endsWith("rerank")
                ? "{\"results\":[{\"index\":0,\"relevance_score\":0.9}],\"meta\":{\"api_version\":{\"version\":\"2\"},"
                        + "\"billed_units\":{\"search_units\":1}}}"
                : "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.1]}],"
                        + "\"model\":\"embed\",\"usage\":{\"prompt_tokens\":800,\"total_tokens\":800}}");
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void limitsOfCostHoldForEmbeddings() {
        HttpResponse<byte[]> refused = gateway.post("/v1/embeddings", EMBED, "Pareto-Max-Cost-Usd", "0.005");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(text(refused)).contains("Pareto-Max-Cost-Usd 0.005 USD -> 0.01 USD admits v/embed");
        assertThat(vendor.seen()).isEmpty();

        HttpResponse<byte[]> served = gateway.post("/v1/embeddings", EMBED, "Pareto-Max-Cost-Usd", "0.02");
        assertThat(served.statusCode()).as(text(served)).isEqualTo(200);
    }

    @Test
    void limitsOfCostHoldForRankingsThatAreSoldByTheSearch() {
        HttpResponse<byte[]> served = gateway.post("/v1/rerank", RANK, "Pareto-Max-Cost-Usd", "0.003");
        assertThat(served.statusCode()).as(text(served)).isEqualTo(200);

        assertThat(gateway.post("/v1/rerank", RANK, "Pareto-Max-Cost-Usd", "0.001").statusCode()).isEqualTo(422);
        List<Map<String, @Nullable Object>> rows = gateway.attempts();
        assertThat(rows).singleElement()
                .satisfies(row -> assertThat(row).containsEntry("price_status", "PRICED")
                        .containsEntry("usage_source", "VENDOR"));
        assertThat(rows.getFirst().get("cost_pico")).hasToString("2000000000");
    }
}
