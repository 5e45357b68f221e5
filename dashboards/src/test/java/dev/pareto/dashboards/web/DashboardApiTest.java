package dev.pareto.dashboards.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.Attempts;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.Settlement;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.report.AttemptRow;
import dev.pareto.dashboards.report.ModelRow;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.StoredSwap;
import dev.pareto.dashboards.store.StoredVerdict;
import dev.pareto.dashboards.store.SwapRepository;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import dev.pareto.policies.swap.SwapKey;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DashboardApiTest {

    private static final Instant NOW = Attempts.NOON.plusSeconds(600);

    @TempDir
    Path folder;

    private final UuidV7 ids = Attempts.ids(11);
    private SqliteStore store;
    private JdbcLedger ledger;
    private DashboardApi api;

    @BeforeEach
    void open() {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        ledger = new JdbcLedger(store, LedgerSettings.defaults(), () -> NOW, System::nanoTime);
        api = new DashboardApi(store, () -> NOW, "USD");
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    @Test
    void anEmptyLedgerIsShownAsSuch() {
        Overview overview = api.overview(null);
        assertThat(overview.period()).isEqualTo("24h");
        assertThat(overview.figures().spend().plain()).isEqualTo("0");
        assertThat(overview.figures().successRate()).isNull();
        assertThat(overview.trust().lastWrite()).isNull();
        assertThat(overview.summary()).isEqualTo("No requests in the last 24 hours.");
        assertThat(overview.series().starts()).hasSize(24);
        assertThat(api.verdicts().routes()).isEmpty();
    }

    @Test
    void everySumOfThePageIsTheSumOfTheRows() {
        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            UUID id = ids.get();
            Instant start = Attempts.NOON.minusSeconds(i * 251L);
            written.add(ledger.open(Attempts.open(id, i % 4 == 0 ? Attempts.CLOSED : Attempts.OPEN, start)));
            written.add(ledger.settle(Attempts.settled(id, start, i * 7L)));
        }
        written.forEach(CompletableFuture::join);
        Overview overview = api.overview("24h");
        BigDecimal rows = BigDecimal.ZERO;
        AttemptPage page = api.attempts(null, 100);
        int seen = 0;
        while (!page.attempts().isEmpty()) {
            for (AttemptRow row : page.attempts()) {
                rows = rows.add(Objects.requireNonNull(row.cost()).value());
                seen++;
            }
            page = page.next() == null ? new AttemptPage(List.of(), null) : api.attempts(page.next(), 100);
        }
        assertThat(seen).isEqualTo(300);
        assertThat(overview.figures().spend().value()).isEqualByComparingTo(rows);
        assertThat(overview.models().stream().map(ModelRow::cost).reduce(Amount.ZERO, Amount::plus).value())
                .isEqualByComparingTo(rows);
        assertThat(overview.series().total().stream().reduce(Amount.ZERO, Amount::plus).value())
                .isEqualByComparingTo(rows);
        assertThat(overview.figures().saved().value()).isEqualByComparingTo(rows.multiply(BigDecimal.valueOf(3)));
        assertThat(overview.summary()).contains("(75 %) less than the baselines would have cost")
                .contains("local/support-desk gave 75 % of the answers");
        assertThat(api.check().none()).isTrue();
    }

    @Test
    void theSuccessRateIsAboutVendorsNotAboutWrongRequests() {
        answered();
        for (int status : new int[]{400, 404, 422}) {
            failed(status);
        }
        assertThat(api.overview(null).figures().successRate()).isEqualByComparingTo("1");
        assertThat(api.overview(null).figures().unanswered()).isZero();
        assertThat(api.overview(null).figures().refused()).isEqualTo(3);

        failed(429);
        failed(503);
        failed(null);
        assertThat(api.overview(null).figures().successRate()).isEqualByComparingTo("0.25");
        assertThat(api.overview(null).figures().unanswered()).isEqualTo(3);
        assertThat(api.overview(null).figures().requests()).isEqualTo(7);
        assertThat(api.check().none()).isTrue();
    }

    private void answered() {
        UUID id = ids.get();
        ledger.open(Attempts.open(id, Attempts.CLOSED, Attempts.NOON)).join();
        ledger.settle(Attempts.settled(id, Attempts.NOON, 1)).join();
    }

    private void failed(@Nullable Integer httpStatus) {
        UUID id = ids.get();
        ledger.open(Attempts.open(id, Attempts.CLOSED, Attempts.NOON)).join();
        ledger.settle(
                new Settlement(id, AttemptState.FAILED, null, Attempts.NOON.plusSeconds(1), httpStatus, null, null,
                        Usage.none(), UsageSource.NONE, null, Cost.nothing("USD"), null, "upstream_status"))
                .join();
    }

    @Test
    void moneyIsDecimalTextInJson() {
        UUID id = ids.get();
        ledger.open(Attempts.open(id, Attempts.CLOSED, Attempts.NOON)).join();
        ledger.settle(Attempts.settled(id, Attempts.NOON, 1)).join();

        JsonNode json = JsonMapper.shared().valueToTree(api.overview("7d"));
        assertThat(json.at("/figures/spend").asString()).isEqualTo("0.00251");
        assertThat(json.at("/figures/spend").isString()).isTrue();
        assertThat(json.at("/models/0/costPerAnswer").isString()).isTrue();
        assertThat(json.at("/from").asString()).isEqualTo("2026-11-13T18:00:00Z");
        assertThat(json.at("/decisions/0/reason").asString()).isEqualTo("cheapest that is good enough");
        assertThat(json.at("/trust/estimatedShare").isNumber()).isTrue();
    }

    @Test
    void aDecisionOpensToItsAttemptsAndBills() {
        UUID request = ids.get();
        UUID second = ids.get();
        ledger.open(Attempts.open(request, Attempts.OPEN, Attempts.NOON)).join();
        ledger.settle(Attempts.settled(request, AttemptState.FAILED, Attempts.NOON.plusSeconds(1), Attempts.cost(0, 1),
                Attempts.cost(0, 0))).join();
        ledger.open(
                Attempts.open(second, request, 2, AttemptRole.FALLBACK, Attempts.CLOSED, Attempts.NOON.plusSeconds(1),
                        null))
                .join();
        ledger.settle(Attempts.settled(second, Attempts.NOON.plusSeconds(1), 10)).join();

        DecisionDetail detail = api.decision(request.toString()).orElseThrow();
        assertThat(detail.attempts()).extracting(AttemptRow::role)
                .containsExactly(AttemptRole.PRIMARY,
                        AttemptRole.FALLBACK);
        assertThat(detail.attempts().getLast().lines()).hasSize(2);
        assertThat(Objects.requireNonNull(detail.decision()).path("reason").asString()).startsWith("cheapest");
        assertThat(api.overview(null).decisions()).singleElement().satisfies(row -> {
            assertThat(row.model()).isEqualTo("openai/gpt-4o");
            assertThat(row.attempts()).isEqualTo(2);
            assertThat(row.state()).isEqualTo(AttemptState.SETTLED);
            assertThat(row.latencyMillis()).isEqualTo(2_500);
        });
        assertThat(api.decision(ids.get().toString())).isEmpty();
    }

    @Test
    void badArgumentsAreExplained() {
        assertThatThrownBy(() -> api.overview("1y")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> api.decision("../etc")).hasMessageContaining("an id is a UUID");
        assertThatThrownBy(() -> api.attempts("x", 10)).hasMessageContaining("an id is a UUID");
    }

    @Test
    void aSwapIsShownWithTheSentenceOfItsNewestVerdict() {
        String json = """
                      {"design": {"margin": 0.02}, "data": {"n": 240}, "sentence": "Good enough.",
                       "quality": {"diff": -0.004, "interval": [-0.018, 0.01], "verdict": "NON_INFERIOR"}}""";
        new VerdictRepository(store).save(new StoredVerdict("v1", "support", Attempts.OPEN, Attempts.CLOSED,
                NOW.minusSeconds(60), NOW.plusSeconds(60), true, json));
        new SwapRepository(store).save(List.of(new StoredSwap(new SwapKey("support", Attempts.OPEN), Attempts.CLOSED,
                "OPEN", 1, NOW, "v1", "verdict v1", "{}")), List.of());

        assertThat(api.verdicts().routes()).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo("OPEN");
            assertThat(row.sentence()).isEqualTo("Good enough.");
            assertThat(row.outcome()).isEqualTo("NON_INFERIOR");
            assertThat(row.lower()).isEqualTo(-0.018);
            assertThat(row.items()).isEqualTo(240);
            assertThat(row.expired()).isFalse();
            assertThat(row.simulated()).isTrue();
        });
    }
}
