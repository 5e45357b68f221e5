package dev.pareto.dashboards.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.testing.Postgres;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums beyond 64 bits, of either sign and of a part of the rows, are exact in every store. */
final class PicoSumsTest {

    private static final String ROWS = """
                                       (SELECT CAST(9223372036854775807 AS NUMERIC) AS p, 'a' AS who
                                       UNION ALL SELECT 9223372036854775806, 'a' UNION ALL SELECT 9223372036854775807, 'b'
                                       UNION ALL SELECT -1, 'a' UNION ALL SELECT -1999999, 'b' UNION ALL SELECT 1000001, 'c') AS amounts""";

    @Test
    void aFileSumsExactly(@TempDir Path folder) {
        try (Store store = SqliteStore.open(folder.resolve("pareto.db"))) {
            assertExact(Reads.of(store), ROWS.replace("NUMERIC", "INTEGER"));
        }
    }

    @Test
    void aServerSumsExactly() {
        try (Postgres server = Postgres.startOrSkip();
                Store store = PostgresStore.open(server.newDatabase(), null, null, "gateway")) {
            assertThat(store.sums()).isEqualTo(PicoSums.WHOLE);
            assertExact(Reads.of(store), ROWS);
            assertExact(new Reads(Reads.of(store).client(), PicoSums.HALVES, store.kept()), ROWS);
        }
    }

    private static void assertExact(Reads reads, String rows) {
        assertThat(read(reads, reads.sum("p", "total"), rows, "total")).isEqualByComparingTo("27670116.110563327421");
        assertThat(read(reads, reads.sumWhere("who = 'b'", "p", "part"), rows, "part"))
                .isEqualByComparingTo("9223372.036852775808");
        assertThat(read(reads, reads.sumWhere("who = 'a'", "p - 7", "less"), rows, "less"))
                .isEqualByComparingTo("18446744.073709551591");
        assertThat(read(reads, reads.sumWhere("who = 'nobody'", "p", "nothing"), rows, "nothing")).isZero();
        assertThat(read(reads, reads.sum("p", "none"), rows + " WHERE who = 'nobody'", "none")).isZero();
    }

    private static BigDecimal read(Reads reads, String sum, String rows, String name) {
        List<BigDecimal> sums = reads.sql("SELECT " + sum + " FROM " + rows)
                .query((row, number) -> Picos.sum(row, name))
                .list();
        assertThat(sums).singleElement().satisfies(one -> assertThat(one.scale()).isEqualTo(Picos.SCALE));
        return sums.getFirst();
    }
}
