package dev.pareto.dashboards.testing.books;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.testing.Postgres;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostCalculator;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.Usage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Made books are books: the ledger's own checks find nothing wrong with them. */
final class BooksGeneratorTest {

    private static final BooksPlan PLAN = BooksPlan.of(3_000, 30, BooksPlan.END);

    @TempDir
    private Path folder;

    @Test
    void theLedgersChecksHold() throws SQLException {
        try (Store store = SqliteStore.open(folder.resolve("books.db"))) {
            BooksGenerator.fill(store, PLAN);

            LedgerCheck.Outcome outcome = new LedgerCheck(store).check(null, null);
            assertThat(outcome.problems()).isEmpty();
            assertThat(outcome.attempts()).isEqualTo(3_000);
            assertThat(outcome.chainEntries()).isEqualTo(3_000);
        }
    }

    @Test
    void postgresHoldsTheVerySameBooks() throws SQLException {
        try (Postgres server = Postgres.startOrSkip();
                Store there = PostgresStore.open(server.newDatabase(), null, null, "local");
                Store here = SqliteStore.open(folder.resolve("books.db"))) {
            BooksGenerator.fill(there, PLAN);
            BooksGenerator.fill(here, PLAN);

            assertThat(new LedgerCheck(there).check(null, null).problems()).isEmpty();
            assertThat(head(there)).isEqualTo(head(here));
        }
    }

    @Test
    void everyKindOfRowIsThere() throws SQLException {
        try (Store store = SqliteStore.open(folder.resolve("books.db"))) {
            BooksGenerator.fill(store, BooksPlan.small());
            JdbcClient reads = JdbcClient.create(store.reads());
            for (String column : List.of("role", "state", "usage_source", "cost_source")) {
                int kinds = reads.sql("SELECT COUNT(DISTINCT " + column + ") FROM attempt")
                        .query(Integer.class)
                        .single();
                assertThat(kinds).as(column).isGreaterThanOrEqualTo(4);
            }
            assertThat(reads.sql("SELECT COUNT(DISTINCT tag_value) FROM rollup_tag WHERE tag_key = 'team'")
                    .query(Integer.class)
                    .single()).isEqualTo(60);
            assertThat(reads.sql("SELECT COUNT(DISTINCT route) FROM attempt").query(Integer.class).single())
                    .isEqualTo(12);
            assertThat(reads.sql("SELECT COUNT(DISTINCT model) FROM attempt").query(Integer.class).single())
                    .isGreaterThanOrEqualTo(40);
            assertThat(reads.sql("SELECT COUNT(*) FROM baseline_line").query(Integer.class).single()).isPositive();
        }
    }

    @Test
    void costsAreTheCalculators() {
        PriceBook book = BooksGenerator.prices(PLAN);
        Instant when = Instant.parse("2026-11-20T10:00:00Z");
        var tariff = new Tariff(book);
        tariff.at(when);
        for (String sku : List.of("openai/gpt-5.4", "anthropic/claude-opus-4-8", "google/gemini-2.5-pro",
                "perplexity/sonar", "deepseek/deepseek-v4-pro", Cast.OWN)) {
            var tokens = new Tokens(210_001, tariff.caches(sku, PriceVersion.STANDARD) ? 900 : 0, 0, 333, 0);
            Map<String, BigDecimal> used = new TreeMap<>(Map.of(Buckets.INPUT, BigDecimal.valueOf(tokens.fresh()),
                    Buckets.CACHE_READ, BigDecimal.valueOf(tokens.cacheRead()), Buckets.OUTPUT,
                    BigDecimal.valueOf(tokens.output())));
            Cost cost = new CostCalculator().cost(new Usage(new TreeMap<>(used), new TreeMap<>(), false),
                    book.at(sku, PriceVersion.STANDARD, when).orElseThrow(), when);

            Charge charge = tariff.charge(sku, PriceVersion.STANDARD, tokens);
            assertThat(charge.cost()).as(sku)
                    .isEqualTo(requireNonNull(cost.total()).amount().movePointRight(12).longValueExact());
            assertThat(charge.lines()).extracting(Line::bucket)
                    .containsExactlyElementsOf(cost.lines().stream().map(line -> line.bucket()).toList());
        }
    }

    /** The last link of the chain, which no other rows have. */
    private static byte[] head(Store store) {
        return JdbcClient.create(store.reads())
                .sql("SELECT head FROM ledger_day ORDER BY day DESC LIMIT 1")
                .query((row, number) -> row.getBytes(1))
                .single();
    }
}
