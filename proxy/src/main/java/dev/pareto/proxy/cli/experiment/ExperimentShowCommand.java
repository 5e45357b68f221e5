package dev.pareto.proxy.cli.experiment;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
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
        JsonNode findings = experiment.path("look").path("findings");
        findings.path("arms").forEach(arm -> arm(arm, out));
        JsonNode split = findings.path("split");
        if (split.isObject()) {
            out.printf(Locale.ROOT, "  split: %s (e^%.1f of e^%.1f)%n",
                    split.path("mismatch").asBoolean(false) ? "NOT as stated" : "as stated",
                    split.path("logBayesFactor").asDouble(0), split.path("alarmAt").asDouble(0));
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

    private static void arm(JsonNode arm, PrintWriter out) {
        long requests = arm.path("requests").asLong(0);
        out.printf(Locale.ROOT, "  arm %s: %d units, %d requests, treatment applied to %.1f %%%n",
                arm.path("arm").asString(""), arm.path("units").asLong(0), requests,
                requests == 0 ? 0 : 100.0 * arm.path("delivered").asLong(0) / requests);
    }

    private static void difference(JsonNode one, PrintWriter out) {
        if (!one.path("difference").isNumber()) {
            return;
        }
        out.printf(Locale.ROOT, "  %s%-15s %s %s, control %s: %s  [%s, %s]  p %s%s%n",
                one.path("primary").asBoolean(false) ? "*" : " ", one.path("metric").asString(""),
                one.path("arm").asString(""), figure(one.path("treated")), figure(one.path("control")),
                figure(one.path("difference")), figure(one.path("lower")), figure(one.path("upper")),
                one.path("lower").isNumber() ? figure(one.path("p")) : "-",
                one.path("primary").asBoolean(false) ? "  " + one.path("verdict").asString("") : "");
    }

    private static void guard(JsonNode one, PrintWriter out) {
        double tolerance = one.path("tolerance").asDouble(0);
        out.printf(Locale.ROOT, "  guard %s of %s: at most %s%s worse; %s%n", one.path("metric").asString(""),
                one.path("arm").asString(""), String.format(Locale.ROOT, "%.4g",
                        one.path("relative").asBoolean(false) ? 100 * tolerance : tolerance),
                one.path("relative").asBoolean(false) ? " %" : "",
                one.path("alarm").asBoolean(false) ? "ALARM" : "quiet");
    }

    private static String figure(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.4g", value.doubleValue()) : "-";
    }
}
