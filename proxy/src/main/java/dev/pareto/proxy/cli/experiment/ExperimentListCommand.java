package dev.pareto.proxy.cli.experiment;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.RemoteList;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Every experiment, and where it stands.", mixinStandardHelpOptions = true)
final class ExperimentListCommand extends RemoteList {

    ExperimentListCommand() {
        super("experiments", "no experiments; state one under 'experiments:' in pareto.yaml");
    }

    @Override
    protected JsonNode ask(GatewayClient gateway) throws IOException, InterruptedException {
        return gateway.experiments();
    }

    @Override
    protected String told(JsonNode experiment) {
        StringBuilder told = new StringBuilder(line(experiment));
        experiment.path("problems").forEach(problem -> told.append('\n').append(problem(problem)));
        return told.toString();
    }

    /** What must be mended, a line each. */
    static void problems(JsonNode experiment, PrintWriter out) {
        experiment.path("problems").forEach(problem -> out.println(problem(problem)));
    }

    private static String problem(JsonNode problem) {
        return "  PROBLEM: " + problem.asString("");
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
