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
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Every experiment, and where it stands.", mixinStandardHelpOptions = true)
final class ExperimentListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        JsonNode answer;
        try (GatewayClient gateway = where.connect()) {
            answer = gateway.experiments();
        }
        if (json) {
            out.println(answer.toPrettyString());
            return 0;
        }
        answer.path("experiments").forEach(experiment -> {
            out.println(line(experiment));
            problems(experiment, out);
        });
        if (answer.path("experiments").isEmpty()) {
            out.println("no experiments; state one under 'experiments:' in pareto.yaml");
        }
        return 0;
    }

    /** What must be mended, a line each. */
    static void problems(JsonNode experiment, PrintWriter out) {
        experiment.path("problems").forEach(problem -> out.println("  PROBLEM: " + problem.asString("")));
    }

    /** {@code open-for-closed on support  RUNNING, 812 units  since …: started by ann: …}. */
    static String line(JsonNode experiment) {
        String winner = experiment.path("winner").asString("");
        return String.format(Locale.ROOT, "%s on %s  %s%s, %d units  since %s by %s: %s%s",
                experiment.path("name").asString(""), experiment.path("route").asString(""),
                experiment.path("state").asString(""), winner.isEmpty() ? "" : " (" + winner + ")",
                experiment.path("look").path("findings").path("units").asLong(0),
                experiment.path("since").asString(""), experiment.path("by").asString(""),
                experiment.path("reason").asString(""),
                experiment.path("changed").asBoolean(false) ? "  [the configuration states it differently now]" : "");
    }
}
