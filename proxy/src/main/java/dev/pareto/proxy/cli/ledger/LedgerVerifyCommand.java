package dev.pareto.proxy.cli.ledger;

import dev.pareto.dashboards.audit.LedgerCheck;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "verify", mixinStandardHelpOptions = true, description = {
        "Computes every hash of the chain and every sum anew: nothing was changed, lost or counted twice, roll-ups, rows and "
                + "charge lines give the same sums, and every priced row names its price.",
        "Exits with 0 when all holds and with 1 when anything does not. A gateway may run meanwhile."})
final class LedgerVerifyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private BooksOptions books;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() {
        LedgerCheck.Outcome outcome;
        try (var store = books.open()) {
            outcome = new LedgerCheck(store).check(books.from(), books.to());
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(json(outcome)));
            return outcome.holds() ? 0 : 1;
        }
        out.printf("%,d attempts closed, %,d open; %,d charge lines, %,d adjustments%n", outcome.attempts(),
                outcome.open(), outcome.chargeLines(), outcome.adjustments());
        out.printf("chain: %,d entries in %,d daily parts%n", outcome.chainEntries(), outcome.chainDays());
        if (outcome.droppedRows() > 0) {
            out.printf("%,d of them are of months whose rows are no longer kept%n", outcome.droppedRows());
        }
        new TreeMap<>(outcome.sum()).forEach((currency, sum) -> out.printf("sum: %s %s%n", sum.plain(), currency));
        outcome.problems().forEach(problem -> out.println("WRONG: " + problem));
        out.println(outcome.holds() ? "The ledger holds." : "The ledger does not hold.");
        return outcome.holds() ? 0 : 1;
    }

    private static Map<String, Object> json(LedgerCheck.Outcome outcome) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("holds", outcome.holds());
        json.put("attempts", outcome.attempts());
        json.put("open", outcome.open());
        json.put("charge_lines", outcome.chargeLines());
        json.put("adjustments", outcome.adjustments());
        json.put("chain", Map.of("days", outcome.chainDays(), "entries", outcome.chainEntries(), "rows_dropped",
                outcome.droppedRows()));
        json.put("sum", new TreeMap<>(outcome.sum()));
        json.put("problems", outcome.problems());
        return json;
    }
}
