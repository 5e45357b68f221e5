package dev.pareto.proxy.cli.ledger;

import dev.pareto.dashboards.closing.MonthCheck;
import dev.pareto.dashboards.closing.MonthChecklist;
import dev.pareto.dashboards.closing.MonthState;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "close", mixinStandardHelpOptions = true, description = {
        "Closes a month: proves its books, and takes no more rows of it. Without --freeze it only shows what is left to do.",
        "A closed month stays closed; what is found out later is an adjustment of an open one (./pareto ledger adjust)."})
final class LedgerCloseCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private BooksDesk desk;

    @Parameters(paramLabel = "MONTH", description = "of the UTC calendar, e.g. 2026-10")
    private YearMonth month;

    @Option(names = "--freeze", description = "close it, when nothing is left to do")
    private boolean freeze;

    @Option(names = "--waive", paramLabel = "CHECK", description = "let a check pass, e.g. reconciled:openai or"
            + " reconciled:openai:2026-10-03; give a --reason")
    private List<String> waived = new ArrayList<>();

    @Option(names = "--reason", description = "why a check is let pass")
    private @Nullable String reason;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException, ConfigException {
        if (waived.isEmpty() != (reason == null)) {
            throw new UsageException("--waive and --reason go together");
        }
        for (String check : waived) {
            desk.act(desk.action("waive").put("month", month.toString()).put("subject", check).put("reason", reason));
        }
        if (freeze) {
            desk.act(desk.action("close").put("month", month.toString()));
        }
        MonthState state;
        try (var store = desk.books().open()) {
            state = new MonthChecklist(store, InstantSource.system()).of(month);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(state));
        } else {
            print(state, out);
        }
        return state.frozen() != null || state.open().isEmpty() ? 0 : 1;
    }

    private static void print(MonthState state, PrintWriter out) {
        for (MonthCheck check : state.checks()) {
            MonthCheck.Waiver waiver = check.waiver();
            out.printf("%-7s %s  %s%s%n", switch (check.state()) {
                case DONE -> "done";
                case OPEN -> "OPEN";
                case WAIVED -> "waived";
            }, check.subject(), check.finding(),
                    waiver == null ? "" : " (let pass by " + waiver.by() + ": " + waiver.reason() + ")");
        }
        out.printf("%,d calls, %,d adjustments%n", state.attempts(), state.adjustments());
        new TreeMap<>(state.totals()).forEach((currency, sum) -> out.printf("total: %s %s%n", sum.plain(), currency));
        MonthState.Frozen frozen = state.frozen();
        if (frozen != null) {
            out.printf("%s was closed by %s at %s%nsealed as entry %d of %s, %s: %s%n", state.month(), frozen.by(),
                    frozen.at(), frozen.seq(), frozen.day(), frozen.replica(), frozen.hash());
        } else {
            out.println(state.open().isEmpty()
                    ? state.month() + " can be closed: ./pareto ledger close " + state.month() + " --freeze"
                    : state.month() + " cannot be closed yet.");
        }
    }
}
