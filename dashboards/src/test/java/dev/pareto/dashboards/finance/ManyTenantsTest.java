package dev.pareto.dashboards.finance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.Attempts;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.OpenAttempt;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.outlook.Anomalies;
import dev.pareto.dashboards.outlook.OutlookReports;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.price.Money;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports on more tenants, routes and tags than a page can take: they are cut, say so, and still add up. */
final class ManyTenantsTest {

    private static final int TENANTS = 1_203;
    private static final int ROUTES = 70;

    @TempDir
    static Path folder;

    private static SqliteStore store;

    @BeforeAll
    static void book() {
        store = SqliteStore.open(folder.resolve("many.db"));
        try (var ledger = new JdbcLedger(store, LedgerSettings.defaults(), () -> Attempts.NOON, System::nanoTime)) {
            UuidV7 ids = Attempts.ids(5);
            List<CompletableFuture<Void>> booked = new ArrayList<>();
            for (int i = 0; i < TENANTS; i++) {
                UUID id = ids.get();
                Instant at = Attempts.NOON;
                booked.add(ledger.open(new OpenAttempt(id, id, 1, AttemptRole.PRIMARY, at,
                        at.plus(Duration.ofMinutes(10)), "tenant-%04d".formatted(i),
                        Map.of("job", "job-%04d".formatted(i), "key-" + i % 205, "x"),
                        "route-%02d".formatted(i % ROUTES),
                        "route", Attempts.CLOSED, "openai", false, Money.usd("1"), null)));
                booked.add(ledger.settle(Attempts.settled(id, at.plusSeconds(1), 100 + i)));
            }
            booked.forEach(CompletableFuture::join);
        }
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    void theTenantsBeyondTheDearestShareARow() {
        Chargeback table = reports().chargeback(asked("group", "tenant,route"));

        assertThat(table.rows()).hasSize(1_001);
        assertThat(table.gatheredRows()).isEqualTo(TENANTS - 1_000);
        assertThat(table.rows().getLast().value()).isEqualTo(Chargeback.OTHERS);
        assertThat(table.columns()).hasSize(61).last().isEqualTo(Chargeback.OTHERS);
        assertThat(table.gatheredColumns()).isEqualTo(ROUTES - 60);
        assertThat(table.total().spend()).isEqualTo(reports().overview(asked()).figures().spend());
        assertThat(table.rows().stream().map(Chargeback.Row::spend).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(table.total().spend());
        assertThat(table.total().cells().stream().map(Chargeback.Cell::spend).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(table.total().spend());
        assertThat(table.rows().getFirst().value()).isEqualTo("tenant-1202");
    }

    @Test
    void whatFitsATableIsNotCut() {
        Chargeback table = reports().chargeback(asked("group", "route"));
        assertThat(table.rows()).hasSize(ROUTES).noneMatch(row -> row.value().equals(Chargeback.OTHERS));
        assertThat(table.gatheredRows()).isZero();
    }

    @Test
    void choicesAreTheFirstAndSayThatThereAreMore() {
        Choices choices = reports().choices(asked());

        Choices.Choice tenants = choice(choices, "tenant");
        assertThat(tenants.values()).hasSize(500).startsWith("tenant-0000").endsWith("tenant-0499");
        assertThat(tenants.more()).isTrue();
        assertThat(choice(choices, "route").more()).isFalse();
        assertThat(choice(choices, "tag.job").values()).hasSize(500);
        assertThat(choice(choices, "tag.job").more()).isTrue();
        assertThat(choices.dimensions().stream().filter(one -> one.dimension().isTag())).hasSize(200);
        assertThat(choices.moreTags()).isTrue();
    }

    @Test
    void anomaliesAreLookedForAmongTheDearest() {
        Anomalies anomalies = new OutlookReports(store, () -> Attempts.NOON.plus(Duration.ofHours(2)), "USD")
                .anomalies(asked());
        assertThat(anomalies.scopes()).isEqualTo(1 + 60 + 60);
        assertThat(anomalies.unwatched()).isEqualTo(TENANTS - 60 + ROUTES - 60);
    }

    private static Choices.Choice choice(Choices choices, String dimension) {
        return choices.dimensions()
                .stream()
                .filter(one -> one.dimension().equals(new Dimension(dimension)))
                .findFirst()
                .orElseThrow();
    }

    private static FinanceReports reports() {
        return new FinanceReports(store, () -> Attempts.NOON.plus(Duration.ofHours(2)), "USD");
    }

    private static Map<String, List<String>> asked(String... pairs) {
        Map<String, List<String>> asked = new HashMap<>(Map.of("period", List.of("30d")));
        for (int i = 0; i < pairs.length; i += 2) {
            asked.put(pairs[i], List.of(pairs[i + 1]));
        }
        return asked;
    }
}
