package dev.pareto.dashboards.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SheetTest {

    @Test
    void cellsAreQuotedUnknownIsEmptyAndFormulasAreText() {
        Sheet sheet = new Sheet("spend", List.of("team", "cost", "calls"),
                List.of(Sheet.row("a,\"b\"", new BigDecimal("0.001200000000"), 3L),
                        Sheet.row("=HYPERLINK(\"x\")", null, 0L), Sheet.row("-", new BigDecimal("-1E+3"), 1L)));
        assertThat(sheet.csv()).isEqualTo("""
                                          team,cost,calls\r
                                          "a,""b\""",0.0012,3\r
                                          "'=HYPERLINK(""x"")",,0\r
                                          '-,-1000,1\r
                                          """);
    }
}
