package dev.pareto.proxy.cli.experiment;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.Evidence;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(name = "show", mixinStandardHelpOptions = true,
        description = "One experiment: arms, differences with intervals that hold at every look, guards and moves.")
final class ExperimentShowCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(paramLabel = "NAME", description = "from experiment list")
    private String name;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonNode opened;
        try (GatewayClient gateway = where.connect()) {
            opened = gateway.experiment(name);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(opened.toPrettyString());
            return 0;
        }
        JsonNode experiment = opened.path("experiment");
        out.println(ExperimentListCommand.line(experiment));
        out.println("  " + experiment.path("hypothesis").asString(""));
        ExperimentListCommand.problems(experiment, out);
        concludedBefore(opened, out);
        JsonNode findings = experiment.path("look").path("findings");
        findings.path("arms").forEach(arm -> arm(arm, out));
        JsonNode split = findings.path("split");
        if (split.isObject()) {
            out.println("  split: " + (split.path("mismatch").asBoolean(false)
                    ? "NOT as stated"
                    : "as stated (" + Evidence.toAlarm(split.path("logBayesFactor"), split.path("alarmAt")) + ")"));
        }
        findings.path("differences").forEach(one -> difference(one, out));
        findings.path("guards").forEach(one -> guard(one, out));
        out.println("moves, newest first:");
        for (JsonNode move : opened.path("moves")) {
            out.printf("  %s  run %d  %s → %s  by %s: %s%n", move.path("at").asString(""), move.path("run").asInt(0),
                    move.path("from").asString(""), move.path("to").asString(""), move.path("by").asString(""),
                    move.path("reason").asString(""));
        }
        return 0;
    }

    /** What earlier runs came to, for a new one begins with nothing. */
    static void concludedBefore(JsonNode opened, PrintWriter out) {
        int run = opened.path("experiment").path("run").asInt(0);
        opened.path("moves")
                .valueStream()
                .filter(move -> move.path("to").asString("").equals("CONCLUDED") && move.path("run").asInt(0) < run)
                .forEach(move -> out.printf("  run %d was concluded at %s by %s: %s; that stays on record%n",
                        move.path("run").asInt(0), move.path("at").asString(""), move.path("by").asString(""),
                        move.path("reason").asString("")));
    }

    private static void arm(JsonNode arm, PrintWriter out) {
        long requests = arm.path("requests").asLong(0);
        out.printf(Locale.ROOT, "  arm %s: %d units, %d requests, treatment applied to %.1f %%%n",
                arm.path("arm").asString(""), arm.path("units").asLong(0), requests,
                requests == 0 ? 0 : 100.0 * arm.path("delivered").asLong(0) / requests);
    }

    private static void difference(JsonNode one, PrintWriter out) {
        String metric = one.path("metric").asString("");
        if (!one.path("difference").isNumber()) {
            if (metric.equals("cost")) {
                out.printf("   %-15s %s %s, control %s%n", metric, one.path("arm").asString(""),
                        priced(one.path("treated")), priced(one.path("control")));
            }
            return;
        }
        boolean primary = one.path("primary").asBoolean(false);
        out.printf(Locale.ROOT, "  %s%-15s %s %s, control %s: %s%s%s%n", primary ? "*" : " ", metric,
                one.path("arm").asString(""), MetricWords.figure(metric, one.path("treated")),
                MetricWords.figure(metric, one.path("control")), MetricWords.change(metric, one.path("difference")),
                one.path("lower").isNumber()
                        ? String.format(Locale.ROOT, ", between %s and %s, p %.2g",
                                MetricWords.change(metric, one.path("lower")),
                                MetricWords.change(metric, one.path("upper")), one.path("p").asDouble(1))
                        : ", too few units yet to say how sure (100 in each arm)",
                primary ? "  " + verdict(one.path("verdict").asString("")) : "");
    }

    private static String priced(JsonNode cost) {
        return cost.isNumber() ? MetricWords.figure("cost", cost) : "unpriced";
    }

    private static void guard(JsonNode one, PrintWriter out) {
        String metric = one.path("metric").asString("");
        out.printf(Locale.ROOT, "  guard %s of %s: at most %s worse; %s%n", metric, one.path("arm").asString(""),
                one.path("relative").asBoolean(false)
                        ? String.format(Locale.ROOT, "%.4g %%", 100 * one.path("tolerance").asDouble(0))
                        : MetricWords.change(metric, one.path("tolerance")).replace("+", ""),
                one.path("alarm").asBoolean(false) ? "ALARM" : "quiet");
    }

    private static String verdict(String word) {
        return switch (word) {
            case "BETTER" -> "better";
            case "WORSE" -> "worse";
            case "NO_DIFFERENCE" -> "no difference that matters";
            case "UNDECIDED" -> "not decided yet";
            default -> word;
        };
    }
}
