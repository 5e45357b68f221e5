package dev.pareto.proxy.cli.experiment;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.RemoteList;
import java.io.IOException;
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
        return line(experiment);
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
