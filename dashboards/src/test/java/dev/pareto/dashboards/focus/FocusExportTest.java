package dev.pareto.dashboards.focus;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.focus.FocusExport.Grain;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.price.Money;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The export of a ledger with some of everything: it keeps the specification's rules, and its sums are the ledger's. */
final class FocusExportTest {

    private static final int CALLS = 600;

    @TempDir
    static Path folder;

    private static SqliteStore store;

    @BeforeAll
    static void book() {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        try (var books = new SmallBooks(store, 7)) {
            books.fill(CALLS);
        }
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource({"V1_2,HOUR", "V1_3,HOUR", "V1_2,CALL", "V1_3,CALL"})
    void everyRowKeepsTheRules(FocusVersion version, Grain grain) {
        var rules = new FocusRules(version);
        List<FocusRules.Finding> found = new ArrayList<>(
                rules.header(version.columns().stream().map(FocusColumn::name).toList()));
        FocusExport.Summary summary = new FocusExport(store).each(SmallBooks.FIRST, SmallBooks.LAST, grain,
                row -> found.addAll(rules.row(row)));

        assertThat(found).isEmpty();
        assertThat(summary.rows()).isGreaterThan(CALLS / 2);
        assertThat(summary.unpriced()).isEqualTo(CALLS / 6);
        assertThat(requireNonNull(summary.billed().get("USD")).value())
                .isEqualByComparingTo(booked("cost_pico", "amount_pico"));
    }

    @ParameterizedTest
    @EnumSource(Grain.class)
    void anUnknownListCostIsNeverNothing(Grain grain) {
        try (SqliteStore other = SqliteStore.open(folder.resolve("unlisted-" + grain + ".db"))) {
            try (var books = new SmallBooks(other, 7)) {
                books.withoutList();
            }
            List<Map<String, String>> rows = new ArrayList<>();
            var rules = new FocusRules(FocusVersion.V1_3);
            List<FocusRules.Finding> found = new ArrayList<>();
            new FocusExport(other).each(SmallBooks.FIRST, SmallBooks.LAST, grain, row -> {
                rows.add(row);
                found.addAll(rules.row(row));
            });

            assertThat(found).isEmpty();
            assertThat(rows).isNotEmpty().allSatisfy(row -> {
                assertThat(row).containsEntry("x_ListCostKnown", "false");
                assertThat(row.get("ListCost")).isEqualTo(row.get("ContractedCost"));
                assertThat(new BigDecimal(requireNonNull(row.get("ListCost")))).isPositive();
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"csv,HOUR", "parquet,HOUR", "csv,CALL", "parquet,CALL"})
    void duckDbFindsTheLedgersSums(String format, Grain grain) throws IOException, SQLException {
        Path file = folder.resolve("focus-" + grain + "." + format);
        write(file, format, grain);

        String rows = format.equals("csv")
                ? "read_csv('" + file + "', all_varchar=true, header=true)"
                : "read_parquet('" + file + "')";
        assertThat(duck("SELECT SUM(CAST(BilledCost AS DECIMAL(38,12))) FROM " + rows))
                .isEqualByComparingTo(booked("cost_pico", "amount_pico"));
        assertThat(duck("SELECT SUM(CAST(ListCost AS DECIMAL(38,12))) FROM " + rows))
                .isEqualByComparingTo(booked("list_pico", "amount_pico"));
        assertThat(duck("SELECT SUM(CAST(ContractedCost AS DECIMAL(38,12))) FROM " + rows
                + " WHERE x_Kind = 'charge'")).isEqualByComparingTo(lines("contract_pico"));
        assertThat(duck("SELECT SUM(CAST(ConsumedQuantity AS DECIMAL(38,18))) FROM " + rows
                + " WHERE x_Bucket = 'input'")).isEqualByComparingTo(lines("quantity", "AND bucket = 'input'"));
        assertThat(duck("SELECT COUNT(*) FROM " + rows + " WHERE ChargeClass = 'Correction'"))
                .isEqualByComparingTo("3");
        assertThat(duck("SELECT SUM(CAST(x_ChargeCount AS BIGINT)) FROM " + rows))
                .isEqualByComparingTo(count("SELECT COUNT(*) FROM charge_line WHERE cost_pico IS NOT NULL"));
    }

    @Test
    void parquetHoldsDecimalsMomentsAndUnknowns() throws IOException, SQLException {
        Path file = folder.resolve("types.parquet");
        write(file, "parquet", Grain.CALL);

        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT typeof(BilledCost), typeof(ListUnitPrice), typeof(ChargePeriodStart), InvoiceId,"
                                + " ChargeDescription, Tags, BilledCost::VARCHAR FROM read_parquet('" + file
                                + "') ORDER BY x_Kind = 'charge', x_Kind, ChargePeriodStart")) {
            row.next();
            assertThat(List.of(row.getString(1), row.getString(2), row.getString(3)))
                    .containsExactly("DECIMAL(38,12)", "DECIMAL(38,18)", "TIMESTAMP WITH TIME ZONE");
            assertThat(row.getString(4)).isEqualTo("INV-7");
            assertThat(row.getString(5)).isEqualTo("agreed, \"as told\"");
            assertThat(row.getString(6)).isNull();
            assertThat(row.getString(7)).isEqualTo("-0.012300000000");
        }
    }

    private static void write(Path file, String format, Grain grain) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                FocusFile target = format.equals("csv")
                        ? FocusFile.csv(out, FocusVersion.V1_2)
                        : FocusFile.parquet(out, FocusVersion.V1_2)) {
            new FocusExport(store).each(SmallBooks.FIRST, SmallBooks.LAST, grain, row -> put(target, row));
        }
    }

    private static void put(FocusFile target, Map<String, String> row) {
        try {
            target.write(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From the attempts themselves, not from what the export reads. */
    private static BigDecimal booked(String attempts, String adjustments) {
        BigDecimal calls = picos("SELECT SUM(" + attempts + ") FROM attempt");
        return calls.add(picos("SELECT SUM(" + adjustments + ") FROM adjustment"));
    }

    private static BigDecimal lines(String column) {
        return picos("SELECT SUM(" + column + ") FROM charge_line");
    }

    private static BigDecimal lines(String column, String where) {
        return count("SELECT SUM(CAST(" + column + " AS INTEGER)) FROM charge_line WHERE cost_pico IS NOT NULL "
                + where);
    }

    private static BigDecimal picos(String sql) {
        return count(sql).movePointLeft(Picos.SCALE).setScale(Money.SCALE);
    }

    private static BigDecimal count(String sql) {
        return BigDecimal.valueOf(JdbcClient.create(store.reads()).sql(sql).query(Long.class).single());
    }

    private static BigDecimal duck(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new BigDecimal(row.getString(1));
        }
    }
}
