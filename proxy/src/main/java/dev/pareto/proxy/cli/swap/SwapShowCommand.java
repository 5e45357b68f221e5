package dev.pareto.proxy.cli.swap;

import dev.pareto.proxy.cli.terminal.Evidence;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "show", description = "The swaps of one route: guards, counts and every move.",
        mixinStandardHelpOptions = true)
final class SwapShowCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(paramLabel = "ROUTE", description = "from swap list")
    private String route;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<JsonNode> swaps;
        JsonNode moves;
        try (GatewayClient gateway = where.connect()) {
            swaps = gateway.swaps()
                    .path("swaps")
                    .valueStream()
                    .filter(swap -> swap.path("route").asString("").equals(route))
                    .toList();
            moves = gateway.moves(route).path("moves");
        }
        if (swaps.isEmpty()) {
            throw new UsageException("there is no swap of route " + route + "; see ./pareto swap list");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode all = JsonMapper.shared().createObjectNode();
            all.putArray("swaps").addAll(swaps);
            all.set("moves", moves);
            out.println(all.toPrettyString());
            return 0;
        }
        swaps.forEach(swap -> show(swap, out));
        out.println(moves.isEmpty() ? "no moves yet" : "moves, newest first:");
        for (JsonNode move : moves) {
            String segment = move.path("segment").asString("");
            out.printf("  %s%s  %s → %s  %s %%  by %s: %s%n", move.path("at").asString(""),
                    segment.isEmpty() ? "" : " (" + segment + ")", move.path("from").asString(""),
                    move.path("to").asString(""), SwapListCommand.percent(move.path("share").asDouble(0)),
                    move.path("by").asString(""), move.path("reason").asString(""));
        }
        return 0;
    }

    private static String guard(JsonNode guard) {
        long seen = guard.path("seen").asLong(0);
        double bad = guard.path("bad").asDouble(0);
        String counted = seen == 0
                ? ""
                : String.format(Locale.ROOT, "%s of %d bad (%s %%), ",
                        BigDecimal.valueOf(bad).round(new MathContext(4)).stripTrailingZeros().toPlainString(), seen,
                        SwapListCommand.percent(bad / seen));
        return String.format(Locale.ROOT, "  guard %-9s %s%s %% allowed: %s", guard.path("guard").asString(""), counted,
                SwapListCommand.percent(guard.path("atMost").asDouble(0)),
                Evidence.toAlarm(guard.path("logStatistic"), guard.path("logThreshold")));
    }

    private static void show(JsonNode swap, PrintWriter out) {
        out.println(SwapListCommand.line(swap));
        JsonNode candidate = swap.path("candidateSeen");
        out.printf("  in this step %d answers of the candidate (%d needed), %d of the incumbent%n",
                candidate.path("requests").asLong(0), swap.path("requestsNeeded").asLong(0),
                swap.path("incumbentSeen").path("requests").asLong(0));
        for (JsonNode guard : swap.path("guards")) {
            out.println(guard(guard));
        }
        JsonNode pairs = swap.path("pairs");
        if (pairs.isObject()) {
            out.printf(Locale.ROOT, "  %d graded pairs, candidate %+.2f pp%n", pairs.path("pairs").asLong(0),
                    100 * pairs.path("difference").asDouble(0));
        }
        JsonNode inputs = swap.path("inputs");
        if (inputs.isObject()) {
            out.printf(Locale.ROOT, "  kinds of requests: %s%n", inputs.path("known").asBoolean(false)
                    ? inputs.path("seen").asLong(0)
                            + " looked at, stale when they differ from the evidence's by more than "
                            + inputs.path("bound").asString("") + " (population stability index)"
                    : "the evidence does not tell its own");
        }
        JsonNode judge = swap.path("judge");
        if (judge.isObject()) {
            String why = judge.path("problems").isEmpty()
                    ? judge.path("silence").asString("")
                    : "never asked, " + judge.path("problems").path(0).asString("");
            out.printf("  judge %s (%s), %s %% of the answers%s%n", judge.path("model").asString(""),
                    judge.path("kind").asString(""), SwapListCommand.percent(judge.path("sample").asDouble(0)),
                    why.isEmpty() ? "" : ": " + why);
        }
    }
}
