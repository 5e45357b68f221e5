package dev.pareto.dashboards.inspect;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.RowsDropped;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.testing.Postgres;
import dev.pareto.dashboards.testing.books.BooksGenerator;
import dev.pareto.dashboards.testing.books.BooksPlan;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Calls and the quality of the books, against plain SQL over the same made books, in both databases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InspectReportsTest {

    private static final String PERIOD = "from=2026-10-25&to=2026-11-20";
    private static final String IN = " FROM attempt WHERE started_us >= 1792886400000000 AND started_us < 1795219200000000";

    private final List<Store> stores = new ArrayList<>();
    private @Nullable Postgres server;

    @BeforeAll
    void makeBooks(@TempDir Path folder) throws SQLException {
        stores.add(SqliteStore.open(folder.resolve("books.db")));
        if (System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64")) {
            server = Postgres.startOrSkip();
            stores.add(PostgresStore.open(server.newDatabase(), null, null, "local"));
        }
        for (Store store : stores) {
            BooksGenerator.fill(store, BooksPlan.of(6_000, 40, BooksPlan.END));
        }
    }

    @AfterAll
    void stop() {
        stores.forEach(Store::close);
        if (server != null) {
            server.close();
        }
    }

    Stream<Store> stores() {
        return stores.stream();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("stores")
    void callsThatAreNoLongerKeptAreToldOfAndNoFileIsMadeWithoutThem(Store store) {
        if (store instanceof SqliteStore) {
            JdbcClient.create(store.writes()).sql("DROP TRIGGER IF EXISTS dropped_month_was_closed").update();
        }
        JdbcClient.create(store.writes())
                .sql("""
                     INSERT INTO dropped_month (month, from_id, to_id, from_us, to_us, dropped_us)
                     VALUES ('2025-01', '', '', 0, 0, 0)""")
                .update();

        CallList calls = reports(store).calls(asked("from=2025-01-31&to=2025-02-03"));
        assertThat(calls.dropped()).containsExactly(YearMonth.of(2025, 1));
        assertThatThrownBy(calls::sheet).isInstanceOf(RowsDropped.class)
                .hasMessageContaining("ask from 2025-02-01 on");
        assertThat(reports(store).calls(asked("from=2025-02-01&to=2025-02-03")).sheet().rows()).isEmpty();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("stores")
    void tokensWithoutAPriceAreThoseOfCallsWithoutOne(Store store) {
        Map<String, Long> told = new HashMap<>();
        reports(store).quality(asked(PERIOD))
                .models()
                .forEach(model -> told.merge(model.model(), model.unpricedTokens(), Long::sum));
        told.values().removeIf(tokens -> tokens == 0);

        Map<String, Long> exact = new HashMap<>();
        JdbcClient.create(store.reads())
                .sql("SELECT model, SUM(input_tokens + output_tokens)" + IN
                        + " AND state <> 'OPEN' AND cost_pico IS NULL GROUP BY model")
                .query(row -> {
                    exact.put(row.getString(1), row.getLong(2));
                });
        exact.values().removeIf(tokens -> tokens == 0);

        assertThat(told).isEqualTo(exact).isNotEmpty();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("stores")
    void amountsBeyondAllBoundsAreRefused(Store store) {
        for (String amount : List.of("1e999999999", "-1e-999999999", "0.0000000000000000000000001")) {
            assertThatThrownBy(() -> reports(store).calls(asked(PERIOD + "&min=" + amount)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("min is an amount of money such as 0.25");
        }
        assertThatThrownBy(() -> reports(store).calls(asked(PERIOD + "&tag.a\"b=c")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("stores")
    void pagesHoldEveryCallOnceNewestFirst(Store store) {
        for (String filter : List.of("", "&model=openai/gpt-5.5", "&state=FAILED", "&tenant=search&role=RETRY",
                "&tag.team=search-core", "&max=0.001", "&min=0.2", "&vendor=openai&state=aborted")) {
            List<String> found = new ArrayList<>();
            String before = "";
            do {
                CallList page = reports(store).calls(asked(PERIOD + filter + "&limit=40" + before));
                page.rows().forEach(row -> found.add(row.attemptId()));
                before = page.next() == null ? "" : "&before=" + page.next();
            } while (!before.isEmpty());

            assertThat(found).as(filter)
                    .isSortedAccordingTo((a, b) -> b.compareTo(a))
                    .doesNotHaveDuplicates()
                    .hasSize(Math.toIntExact(count(store, sql(filter))));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("stores")
    void theDearestComeInTheOrderOfTheirCost(Store store) {
        CallList dearest = reports(store).calls(asked(PERIOD + "&order=dearest&limit=30"));

        assertThat(dearest.rows()).hasSize(30)
                .extracting(row -> requireNonNull(row.cost()).value())
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(requireNonNull(dearest.rows().getFirst().cost()).value().movePointRight(12).longValueExact())
                .isEqualTo(count(store, "SELECT MAX(cost_pico)" + IN));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("stores")
    void theBillOfARequestAddsUp(Store store) {
        for (CallRow row : reports(store).calls(asked(PERIOD + "&limit=60")).rows()) {
            CallDetail detail = reports(store).request(row.requestId()).orElseThrow();

            assertThat(detail.calls()).extracting(call -> call.row().attemptId()).contains(row.attemptId());
            for (CallDetail.Call call : detail.calls()) {
                Amount lines = call.lines()
                        .stream()
                        .map(line -> line.cost() == null ? Amount.ZERO : line.cost())
                        .reduce(Amount.ZERO, Amount::plus);
                assertThat(lines.plain()).isEqualTo(call.row().cost() == null ? "0" : call.row().cost().plain());
                assertThat(call.afterMillis()).isNotNegative();
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("stores")
    void theQualityOfTheBooksIsThatOfTheirRows(Store store) {
        Quality quality = reports(store).quality(asked(PERIOD));

        assertThat(quality.counts().calls()).isEqualTo(count(store, "SELECT COUNT(*)" + IN));
        assertThat(quality.counts().unpriced()).isPositive()
                .isEqualTo(count(store, "SELECT COUNT(*)" + IN + " AND cost_pico IS NULL"));
        assertThat(quality.counts().estimated()).isPositive()
                .isEqualTo(count(store, "SELECT COUNT(*)" + IN + " AND estimated = 1"));
        assertThat(quality.models()).extracting(Quality.Model::model).contains("nova/preview-2");
        assertThat(quality.doubts()).extracting(Quality.Doubt::why).contains("unpriced", "estimated");
        assertThat(quality.days()).hasSize(28);
        assertThat(quality.latest()).hasSize(25);
        assertThat(quality.open().open()).isZero();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("stores")
    void aDayIsProved(Store store) {
        assertThat(reports(store).check("2026-11-19").problems()).isEmpty();
        assertThat(reports(store).check("2026-11-19").attempts()).isPositive();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("stores")
    void whatIsWrongIsSaid(Store store) {
        InspectReports reports = reports(store);
        for (String wrong : List.of("min=dear", "state=LOST", "order=oldest", "limit=900", "before=x")) {
            assertThatThrownBy(() -> reports.calls(asked(wrong))).as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.substring(0, wrong.indexOf('=')));
        }
        assertThatThrownBy(() -> reports.check("yesterday")).hasMessageContaining("2026-11-20");
        assertThatThrownBy(() -> reports.request("7")).hasMessageContaining("UUID");
        assertThat(reports.request("019a0000-0000-7000-8000-000000000000")).isEmpty();
    }

    private static InspectReports reports(Store store) {
        return new InspectReports(store, () -> BooksPlan.END, "USD");
    }

    private static long count(Store store, String sql) {
        return JdbcClient.create(store.reads()).sql(sql).query(Long.class).single();
    }

    /** The same filter as plain SQL. */
    private static String sql(String filter) {
        StringBuilder sql = new StringBuilder("SELECT COUNT(*)" + IN);
        for (Map.Entry<String, List<String>> one : asked(filter).entrySet()) {
            String value = one.getValue().getFirst();
            sql.append(switch (one.getKey()) {
                case "min" -> " AND cost_pico >= " + value + " * 1000000000000";
                case "max" -> " AND cost_pico <= " + value + " * 1000000000000";
                case "state" -> " AND state = '" + value.toUpperCase(java.util.Locale.ROOT) + "'";
                case "tag.team" -> " AND tags LIKE '%\"team\":\"" + value + "\"%'";
                default -> " AND " + one.getKey() + " = '" + value + "'";
            });
        }
        return sql.toString();
    }

    private static Map<String, List<String>> asked(String query) {
        Map<String, List<String>> asked = new HashMap<>();
        Arrays.stream(query.split("&", -1)).filter(part -> !part.isEmpty()).forEach(part -> {
            int equals = part.indexOf('=');
            asked.computeIfAbsent(part.substring(0, equals), name -> new ArrayList<>()).add(part.substring(equals + 1));
        });
        return asked;
    }
}
