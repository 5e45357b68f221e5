package dev.pareto.dashboards.store;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.OpenAttempt;
import dev.pareto.dashboards.ledger.Service;
import dev.pareto.dashboards.ledger.Settlement;
import dev.pareto.dashboards.report.DecisionExport;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.Exposure;
import dev.pareto.policies.policy.Permission;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import dev.pareto.policies.swap.SwapKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What every store must remember alike. */
abstract class RepositoriesContract {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ModelId LOCAL = new ModelId("local", "support-desk");
    private static final ModelId CLOSED = new ModelId("openai", "gpt-4o");

    abstract Store store();

    @Test
    void theNewestVerdictOfEachPairIsFound() {
        VerdictRepository verdicts = new VerdictRepository(store());
        verdicts.save(verdict("old", NOON, "{}"));
        verdicts.save(verdict("new", NOON.plusSeconds(1), "{\"sentence\":\"good enough\"}"));
        verdicts.save(verdict("new", NOON.plusSeconds(9), "{\"sentence\":\"written twice\"}"));

        assertThat(verdicts.newest()).containsExactly(
                verdict("new", NOON.plusSeconds(1), "{\"sentence\":\"good enough\"}"));
        assertThat(verdicts.find("old")).isPresent();
        assertThat(verdicts.find("none")).isEmpty();
    }

    @Test
    void aSwapIsReplacedWhenItMovesAndItsMovesAreKept() {
        SwapRepository swaps = new SwapRepository(store());
        SwapKey key = new SwapKey("support", LOCAL);
        swaps.save(List.of(new StoredSwap(key, CLOSED, "CLOSED", 0, NOON, null, "no verdict yet", "{}")), List.of());
        StoredSwap moved = new StoredSwap(key, CLOSED, "RAMP", 0.05, NOON.plusSeconds(5), "v1", "verdict v1",
                "{\"a\":1}");
        StoredSwap part = new StoredSwap(new SwapKey("support", LOCAL, "billing"), CLOSED, "CLOSED", 0, NOON, null,
                "no verdict yet", "{}");
        StoredMove first = new StoredMove(NOON, key, "CLOSED", "OFFLINE", 0, "policy", "verdict v1", "v1", null);
        StoredMove second = new StoredMove(NOON.plusSeconds(5), key, "OFFLINE", "RAMP", 0.05, "ann", "approved", "v1",
                "latency");
        swaps.save(List.of(moved, part), List.of(first, second));

        assertThat(swaps.all()).containsExactly(moved, part);
        assertThat(swaps.moves("support", 10)).containsExactly(second, first);
        assertThat(swaps.moves(null, 1)).containsExactly(second);
        assertThat(swaps.moves("other", 10)).isEmpty();
    }

    @Test
    void theNewestVerdictOfEachSuiteIsKnown() {
        VerdictRepository verdicts = new VerdictRepository(store());
        StoredVerdict a = verdict("a", NOON, "{\"suite\":{\"id\":\"one\"}}");
        StoredVerdict b = verdict("b", NOON.plusSeconds(1), "{\"suite\":{\"id\":\"two\"}}");
        StoredVerdict c = verdict("c", NOON.plusSeconds(2), "{\"suite\":{\"id\":\"two\"}}");
        List.of(a, b, c).forEach(verdicts::save);

        assertThat(verdicts.newestBySuite()).containsExactly(c, a);
    }

    @Test
    void aKeyStaysOnFileWhenItIsRevoked() {
        KeyRepository keys = new KeyRepository(store());
        StoredKey key = key("k1", "a".repeat(64));
        keys.add(key);

        assertThat(keys.list()).containsExactly(key);
        assertThat(keys.revoke("k1", NOON.plusSeconds(1))).isTrue();
        assertThat(keys.revoke("k1", NOON.plusSeconds(2))).isFalse();
        assertThat(keys.list()).singleElement().extracting(StoredKey::revokedAt).isEqualTo(NOON.plusSeconds(1));
        assertThatThrownBy(() -> keys.add(key("k2", "a".repeat(64)))).isInstanceOf(DataAccessException.class);
    }

    @Test
    void whatAKeyMayDoIsOnFile() {
        KeyRepository keys = new KeyRepository(store());
        StoredKey plain = key("k1", "a".repeat(64));
        StoredKey able = new StoredKey("k2", "ops", "pk_def", "b".repeat(64), "search", Map.of(),
                EnumSet.allOf(Permission.class), NOON.plusSeconds(1), null, null);
        keys.add(plain);
        keys.add(able);

        assertThat(keys.list()).containsExactly(plain, able);
    }

    @Test
    void whatCallersSayOfAnswersIsKeptOnceWithItsPart() {
        FeedbackRepository feedback = new FeedbackRepository(store());
        SwapKey key = new SwapKey("support", LOCAL);
        StoredFeedback given = new StoredFeedback(0, NOON, "r1", StoredFeedback.SCORE, 0.5, "acme", "support", LOCAL,
                NOON, "good", List.of(new StoredFeedback.Part(LOCAL, key.segment(), "CANDIDATE", "RAMP")));
        long id = feedback.add(List.of(given)).getFirst().feedback().id();

        assertThat(feedback.add(List.of(given)).getFirst().added()).isFalse();
        assertThat(feedback.scoresAfter(key, id - 1)).singleElement().extracting(StoredFeedback::value).isEqualTo(0.5);
        assertThat(feedback.scoresSince(key, NOON.minusSeconds(1), id)).hasSize(1);
        assertThat(feedback.of(key, 10)).hasSize(1);
        assertThat(feedback.newest(null, 10)).hasSize(1);
        assertThat(feedback.newest("other", 10)).isEmpty();
        assertThat(feedback.served("r1")).isEmpty();
        assertThat(feedback.others("support", "acme", NOON)).isFalse();
    }

    @Test
    void whatTheGuardsThoughtIsOnFile() {
        TraceRepository traces = new TraceRepository(store());
        TracePoint point = new TracePoint(NOON, new SwapKey("support", LOCAL), "RAMP", 0.25, 7, Map.of("score", 1.5),
                new TracePoint.Pairs(3, -0.5), Map.of("length", 0.1));
        traces.add(point);

        assertThat(traces.newest(point.key(), 10)).containsExactly(point);
        traces.forgetBefore(NOON.plusSeconds(1));
        assertThat(traces.newest(point.key(), 10)).isEmpty();
    }

    @Test
    void aRequestOfAnExperimentIsToldWithAllThatItTook() {
        ExperimentRepository experiments = new ExperimentRepository(store());
        StoredExperiment running = new StoredExperiment("tone", "RUNNING", 1, NOON, "{}");
        StoredExperimentMove move = new StoredExperimentMove(NOON, "tone", 1, "DRAFT", "RUNNING", "ann", "begun", null);
        experiments.save(running, move);
        UUID request = UUID.fromString("019aa2c0-0000-7000-8000-000000000001");
        UUID escalation = UUID.fromString("019aa2c0-0000-7000-8000-000000000002");
        try (JdbcLedger ledger = new JdbcLedger(store(), LedgerSettings.defaults(), () -> NOON, System::nanoTime)) {
            ledger.open(opened(request, request, 1, AttemptRole.CASCADE)).join();
            ledger.settle(settled(request, 5, AttemptRole.CASCADE_REJECTED)).join();
            ledger.open(opened(escalation, request, 2, AttemptRole.ESCALATION)).join();
            ledger.settle(settled(escalation, 7, null)).join();
        }
        experiments.learn(List.of(new ExperimentRepository.Formed(request.toString(), false)),
                List.of(new ExperimentRepository.Posted(request.toString(), "stars", 4, NOON)));
        experiments.look("tone", 1, NOON, "{}");
        experiments.look("tone", 1, NOON, "{\"again\":true}");

        assertThat(experiments.all()).containsExactly(running);
        assertThat(experiments.moves("tone", 10)).containsExactly(move);
        assertThat(experiments.units("tone", 1)).isEqualTo(1);
        assertThat(experiments.known(request.toString())).isTrue();
        List<ExposedRequest> requests = new ArrayList<>();
        experiments.eachRequest("tone", 1, NOON, requests::add);
        assertThat(requests).singleElement()
                .extracting(ExposedRequest::values, as(InstanceOfAssertFactories.map(String.class, Double.class)))
                .containsEntry("cost", 12 * 1e-12)
                .containsEntry("errors", 0.0)
                .containsEntry("stars", 4.0)
                .containsEntry("truncated", 0.0)
                .containsEntry("latency", 1_000.0);
        List<DecisionExport.Line> lines = new ArrayList<>();
        new DecisionExport(JdbcClient.create(store().reads())).forEach(NOON.minusSeconds(1), NOON.plusSeconds(60),
                lines::add);
        assertThat(lines).singleElement()
                .satisfies(line -> assertThat(line.json()).contains("\"served\":\"openai/gpt-4o\"")
                        .contains("\"failed\":false"));
    }

    private static OpenAttempt opened(UUID id, UUID request, int number, AttemptRole role) {
        return new OpenAttempt(id, request, number, role, NOON, NOON.plusSeconds(60), "acme", Map.of(), "support",
                "support", CLOSED, "openai", false, null, number == 1 ? "{\"reason\":\"first\"}" : null,
                number == 1 ? new Exposure("tone", 1, "a", false, 9, 1, true, false) : null, null);
    }

    private static Settlement settled(UUID id, long picos, @Nullable AttemptRole role) {
        Cost cost = new Cost(List.of(), Money.usd(new BigDecimal(BigInteger.valueOf(picos), 12).toPlainString()),
                PriceStatus.PRICED,
                null);
        return new Settlement(id, AttemptState.SETTLED, NOON, NOON.plusSeconds(1), 200, "stop", "gpt-4o",
                Service.PLAIN, Usage.ofTokens(10, 5), UsageSource.VENDOR, "{}", new Bill(cost, cost, null, null), null,
                null, role, null);
    }

    @Test
    void theLastUseOfAKeyOnlyEverMovesForward() {
        KeyRepository keys = new KeyRepository(store());
        keys.add(key("k1", "a".repeat(64)));

        keys.used(Map.of("k1", NOON.plusSeconds(60), "unknown", NOON));
        keys.used(Map.of("k1", NOON.plusSeconds(30)));

        assertThat(keys.list()).singleElement().extracting(StoredKey::lastUsedAt).isEqualTo(NOON.plusSeconds(60));
    }

    @Test
    void anIdleLedgerLeavesTheStoreToOtherWriters() {
        try (JdbcLedger ledger = new JdbcLedger(store(), LedgerSettings.defaults(), () -> NOON, System::nanoTime)) {
            ledger.expireOpen(NOON);
            new KeyRepository(store()).add(key("k1", "c".repeat(64)));
            assertThat(new KeyRepository(store()).list()).hasSize(1);
        }
    }

    @Test
    void readersCannotWrite() {
        JdbcClient reads = JdbcClient.create(store().reads());
        assertThatThrownBy(() -> reads.sql("DELETE FROM attempt").update()).isInstanceOf(DataAccessException.class);
    }

    static StoredVerdict verdict(String id, Instant created, String json) {
        return new StoredVerdict(id, "support", LOCAL, CLOSED, created, NOON.plusSeconds(3600), true, json);
    }

    private static StoredKey key(String id, String sha256) {
        return new StoredKey(id, "search team", "pk_abc", sha256, "search", Map.of("env", "test"), NOON, null, null);
    }
}
