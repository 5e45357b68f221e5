package dev.pareto.dashboards.routing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.Attempts;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.Settlement;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.report.DecisionExport;
import dev.pareto.dashboards.store.FeedbackRepository;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.store.StoredFeedback;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every store must tell of decisions and what came of them. */
abstract class RoutingContract {

    private static final Instant NOW = Attempts.NOON.plusSeconds(600);
    private static final ModelId CLOSED = Attempts.CLOSED;
    private static final ModelId OPEN = Attempts.OPEN;

    @TempDir
    private Path folder;

    private final UuidV7 ids = Attempts.ids(5);
    private final List<CompletableFuture<Void>> written = new ArrayList<>();
    private Store store;
    private JdbcLedger ledger;
    private DecisionExport export;
    private RoutingApi routing;

    abstract Store newStore();

    @BeforeEach
    void open() {
        store = newStore();
        ledger = new JdbcLedger(store, LedgerSettings.defaults(), () -> NOW, System::nanoTime);
        Reads reads = Reads.of(store);
        export = new DecisionExport(reads.client());
        routing = new RoutingApi(reads, () -> NOW, "USD");
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    private ParetoConfig config() throws IOException, ConfigException {
        Path file = Files.writeString(folder.resolve("pareto.yaml"),
                """
                vendors:
                  openai: {dialect: openai, url: http://one, models: {gpt-4o: {prices: [{from: 2020-01-01, input: 2.5, output: 10}]}}}
                  local: {dialect: openai, url: http://two,
                          models: {support-desk: {prices: [{from: 2020-01-01, input: 0.1, output: 0.4}]}}}
                routes:
                  support: {candidates: [openai/gpt-4o, local/support-desk], policy: good-enough}
                  other: {candidates: [openai/gpt-4o]}
                policies:
                  good-enough: {minimise: cost, subject-to: {latency: {total-p95: 3 s}}}
                  quick: {minimise: latency}
                """);
        return new ConfigReader().read(file, Map.of());
    }

    /** A decision as the gateway records it; the open model was let in, or kept out by the gate. */
    private static String decision(UUID id, ModelId chosen, boolean admitted, Instant at) {
        return """
               {"id": "%s", "route": "support", "policy": "good-enough", "reason": "cheapest", "baseline": null,
                "outcome": {"kind": "chosen", "model": "%s", "fallbacks": []},
                "candidates": [
                  {"model": "openai/gpt-4o", "place": %d, "share": 1, "predicted_cost": "0.004", "currency": "USD",
                   "total_p95_ms": 1800, "latency_observations": 100, "refusals": [], "violations": [],
                   "accuracy": {"probability": 0.9, "low": 0.8, "high": 0.95, "labels": 40, "version": "v"}},
                  {"model": "local/support-desk", "place": %d, "share": 1, "predicted_cost": "0.001", "currency": "USD",
                   "total_p95_ms": 900, "latency_observations": 100, "refusals": [%s], "violations": [],
                   "accuracy": {"probability": 0.7, "low": 0.6, "high": 0.8, "labels": 30, "version": "v"}}],
                "request": {"at": "%s", "model": "support", "tenant": "acme", "tags": {}, "unit": "%s",
                  "prompt_tokens": 100, "output_tokens": 50, "asked": {}, "objective": "cost"}}"""
                .formatted(id, chosen, chosen.equals(CLOSED) ? 1 : 2, chosen.equals(OPEN) ? 1 : 2,
                        admitted ? "" : "\"no verdict yet for 3 days\"", at, id);
    }

    private UUID asked(ModelId chosen, boolean admitted, Instant at) {
        UUID id = ids.get();
        written.add(ledger.open(Attempts.open(id, id, 1, AttemptRole.PRIMARY, chosen, at,
                decision(id, chosen, admitted, at))));
        return id;
    }

    private UUID answered(ModelId chosen, boolean admitted, Instant at) {
        UUID id = asked(chosen, admitted, at);
        written.add(ledger.settle(Attempts.settled(id, at, 100)));
        return id;
    }

    private void another(UUID request, int number, AttemptRole role, ModelId model, Instant at, AttemptState state) {
        UUID id = ids.get();
        written.add(ledger.open(Attempts.open(id, request, number, role, model, at, null)));
        written.add(ledger.settle(
                Attempts.settled(id, state, at.plusMillis(1_500), Attempts.cost(100, 1), null)));
    }

    private void scored(UUID request, ModelId model, double score) {
        new FeedbackRepository(store).add(List.of(new StoredFeedback(0, NOW, request.toString(), StoredFeedback.SCORE,
                score, "acme", "support", model, Attempts.NOON, null, List.of())));
    }

    private void settle() {
        written.forEach(CompletableFuture::join);
    }

    private List<DecisionExport.Line> all() {
        List<DecisionExport.Line> lines = new ArrayList<>();
        export.forEach(Attempts.NOON.minusSeconds(86_400), NOW, lines::add);
        return lines;
    }

    @Test
    void everyEndedRequestComesOnceAndInOrderHoweverManyPagesThereAre() {
        for (int i = 0; i < 603; i++) {
            answered(i % 3 == 0 ? CLOSED : OPEN, true, Attempts.NOON.minusSeconds(2_000 - i / 4));
            if (i % 50 == 0) {
                settle();
            }
        }
        settle();
        List<DecisionExport.Line> lines = all();
        assertThat(lines).hasSize(603).extracting(DecisionExport.Line::requestId).doesNotHaveDuplicates();
        assertThat(lines).extracting(line -> line.tree().at("/decision/request/at").asString("")).isSorted();
        assertThat(export.newest(Instant.EPOCH, NOW, "support", 550)).extracting(DecisionExport.Line::requestId)
                .isEqualTo(lines.subList(53, 603).stream().map(DecisionExport.Line::requestId).toList());
        assertThat(export.newest(Instant.EPOCH, NOW, "other", 700)).isEmpty();
        assertThat(export.newest(Instant.EPOCH, Attempts.NOON.minusSeconds(86_400), null, 700)).isEmpty();
    }

    @Test
    void theOutcomeIsOfAllThatWasAskedForTheRequest() {
        Instant at = Attempts.NOON;
        UUID simple = answered(OPEN, true, at);
        scored(simple, OPEN, 0.5);
        UUID escalated = ids.get();
        written.add(ledger.open(Attempts.open(escalated, escalated, 1, AttemptRole.CASCADE_REJECTED, OPEN,
                at.plusSeconds(1), decision(escalated, CLOSED, true, at.plusSeconds(1)))));
        written.add(ledger.settle(Attempts.settled(escalated, at.plusSeconds(1), 100)));
        another(escalated, 2, AttemptRole.ESCALATION, CLOSED, at.plusSeconds(3), AttemptState.SETTLED);
        another(escalated, 3, AttemptRole.JUDGE, CLOSED, at.plusSeconds(9), AttemptState.SETTLED);
        UUID lost = ids.get();
        written.add(ledger.open(Attempts.open(lost, lost, 1, AttemptRole.PRIMARY, OPEN, at.plusSeconds(2),
                decision(lost, OPEN, true, at.plusSeconds(2)))));
        written.add(ledger.settle(Attempts.settled(lost, AttemptState.FAILED, at.plusSeconds(4),
                Attempts.unpriced(), null)));
        asked(OPEN, true, at.plusSeconds(3));
        settle();

        List<DecisionExport.Line> lines = all();
        assertThat(lines).extracting(DecisionExport.Line::requestId)
                .containsExactly(simple.toString(), escalated.toString(), lost.toString());
        JsonNode one = lines.getFirst().tree().path("outcome");
        assertThat(one.path("served").asString("")).isEqualTo("local/support-desk");
        assertThat(one.path("cost").asString("")).isEqualTo("0.0035");
        assertThat(one.path("latency_ms").asInt(0)).isEqualTo(1_500);
        assertThat(one.path("first_token_ms").asInt(0)).isEqualTo(500);
        assertThat(one.path("prompt_tokens").asInt(0)).isEqualTo(1_000);
        assertThat(one.path("output_tokens").asInt(0)).isEqualTo(100);
        assertThat(one.path("score").asDouble(0)).isEqualTo(0.5);
        JsonNode other = lines.get(1).tree().path("outcome");
        assertThat(other.path("served").asString("")).isEqualTo("openai/gpt-4o");
        assertThat(other.path("cost").asString("")).as("the doubted answer and the other, not the judge")
                .isEqualTo("0.007");
        assertThat(other.path("latency_ms").asInt(0)).isEqualTo(3_500);
        assertThat(lines.get(2).failed()).isTrue();
        assertThat(lines.get(2).cost()).as("unpriced").isNull();
        assertThat(JsonMapper.shared().readTree(lines.get(2).json()).at("/outcome/failed").asBoolean(false)).isTrue();
    }

    @Test
    void cachedTokensOfAPromptAreCountedOnce() {
        UUID id = asked(OPEN, true, Attempts.NOON);
        written.add(ledger.settle(new Settlement(id, AttemptState.SETTLED, Attempts.NOON.plusMillis(500),
                Attempts.NOON.plusMillis(1_500), 200, "stop", "gpt-4o-2024-08-06",
                new Usage(Map.of(Buckets.INPUT, BigDecimal.valueOf(100), Buckets.CACHE_READ, BigDecimal.valueOf(900),
                        Buckets.OUTPUT, BigDecimal.valueOf(100))),
                UsageSource.VENDOR, "{}", Attempts.cost(100, 1), null, null)));
        settle();

        assertThat(all().getFirst().tree().at("/outcome/prompt_tokens").asInt(0)).isEqualTo(1_000);
    }

    @Test
    void aRoutesPageTellsCandidatesAsForecastAndAsMeasuredAndWhatKeptThemOut() throws Exception {
        for (int i = 0; i < 60; i++) {
            boolean out = i % 3 == 0;
            UUID id = answered(out ? CLOSED : OPEN, !out, Attempts.NOON.minusSeconds(i * 60L));
            if (i % 2 == 0) {
                scored(id, out ? CLOSED : OPEN, i % 4 == 0 ? 1 : 0);
            }
        }
        settle();
        RoutePage page = routing.route(config(), "support", null).orElseThrow();
        assertThat(page.requests()).isEqualTo(60);
        assertThat(page.sampled()).isEqualTo(60);
        assertThat(page.sentences()).last().asString().contains("takes the cheapest among the candidates");
        RoutePage.CandidateRow open = candidate(page, "local/support-desk");
        assertThat(open.chosen()).isEqualTo(40);
        assertThat(open.shareNow()).isEqualTo(40 / 60.0, within(1e-9));
        assertThat(open.excluded()).isEqualTo(20);
        assertThat(open.reasons()).singleElement()
                .isEqualTo(new RoutePage.Reason("refusal", "no verdict yet for 3 days", 20));
        assertThat(requireNonNull(open.expected().cost()).value()).isEqualByComparingTo("0.001");
        assertThat(requireNonNull(open.expected().accuracy()).value()).isEqualTo(0.7, within(1e-9));
        assertThat(open.expected().dominatedBy()).isNull();
        assertThat(requireNonNull(open.measured().cost()).value()).isEqualByComparingTo("0.0035");
        assertThat(open.measured().p95Millis()).isEqualTo(1_500);
        RoutePage.Accuracy scores = requireNonNull(open.measured().accuracy());
        assertThat(scores.labels()).isEqualTo(20);
        assertThat(scores.low()).isLessThan(scores.value()).isGreaterThan(0);
        assertThat(page.traffic().models()).extracting(RoutePage.Traffic.Line::sum).containsExactly(40L, 20L);
        assertThat(page.decisions()).hasSize(20);
        assertThat(routing.list(config(), null).routes()).extracting(RoutingList.Row::requests)
                .containsExactly(0L, 60L);
        assertThat(routing.route(config(), "nothing", null)).isEmpty();
    }

    private static RoutePage.CandidateRow candidate(RoutePage page, String model) {
        return page.candidates().stream().filter(one -> one.model().equals(model)).findFirst().orElseThrow();
    }

    @Test
    void anotherPolicyIsTriedOnWhatWasRecorded() throws Exception {
        for (int i = 0; i < 40; i++) {
            answered(OPEN, true, Attempts.NOON.minusSeconds(i));
        }
        settle();
        Map<String, @Nullable Object> cheap = routing.simulate(config(), "support", "good-enough", null, false);
        JsonNode same = JsonMapper.shared().valueToTree(cheap);
        assertThat(same.at("/rows/0/support/supported").asInt(0)).isEqualTo(40);
        assertThat(same.at("/rows/0/cost/value").asDouble(0)).isEqualTo(0.0035, within(1e-9));
        assertThat(same.path("moves").isEmpty()).isTrue();
        JsonNode other = JsonMapper.shared()
                .valueToTree(routing.simulate(config(), "support", """
                                                                   maximise: accuracy
                                                                   subject-to: {cost: {at-most: 0.02 USD}}
                                                                   """, "7d", true));
        assertThat(other.path("policy").asString("")).isEqualTo("draft");
        assertThat(other.at("/rows/0/traffic").propertyNames()).containsExactly("openai/gpt-4o");
        assertThat(other.at("/rows/0/traffic_recorded/local~1support-desk").asInt(0)).isEqualTo(40);
        assertThat(other.at("/rows/0/cost/value").decimalValue(BigDecimal.ZERO)).isPositive();
        assertThat(other.at("/moves/0/requests").asInt(0)).isEqualTo(40);
        assertThatThrownBy(() -> routing.simulate(config(), "support", "minimise: cots", null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("policy:1:");
        assertThatThrownBy(() -> routing.simulate(config(), "other", "quick", null, false))
                .hasMessageContaining("no decisions are recorded there yet");
    }
}
