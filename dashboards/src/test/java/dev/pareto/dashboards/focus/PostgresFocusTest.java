package dev.pareto.dashboards.focus;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.focus.FocusExport.Grain;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.testing.Postgres;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The same export from PostgreSQL. */
final class PostgresFocusTest {

    @Test
    void everyRowKeepsTheRulesAndTheSumsAreTheLedgers() {
        try (Postgres server = Postgres.startOrSkip();
                var store = PostgresStore.open(server.newDatabase(), null, null, "one")) {
            try (var books = new SmallBooks(store, 11)) {
                books.fill(120);
            }
            BigDecimal booked = JdbcClient.create(store.reads())
                    .sql("SELECT (SELECT SUM(cost_pico) FROM attempt) + (SELECT SUM(amount_pico) FROM adjustment)")
                    .query(BigDecimal.class)
                    .single()
                    .movePointLeft(Picos.SCALE);
            for (Grain grain : Grain.values()) {
                var rules = new FocusRules(FocusVersion.V1_3);
                List<FocusRules.Finding> found = new ArrayList<>();
                FocusExport.Summary summary = new FocusExport(store).each(SmallBooks.FIRST, SmallBooks.LAST, grain,
                        row -> found.addAll(rules.row(row)));
                assertThat(found).isEmpty();
                assertThat(requireNonNull(summary.billed().get("USD")).value()).isEqualByComparingTo(booked);
                assertThat(summary.unpriced()).isEqualTo(20);
            }
        }
    }
}
