package dev.pareto.proxy.cli.verdict;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.RemoteList;
import java.io.IOException;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "The verdicts on file, newest first.", mixinStandardHelpOptions = true)
final class VerdictListCommand extends RemoteList {

    VerdictListCommand() {
        super("verdicts", "no verdicts; ./pareto eval compare makes one");
    }

    @Override
    protected JsonNode ask(GatewayClient gateway) throws IOException, InterruptedException {
        return gateway.verdictRows();
    }

    @Override
    protected String told(JsonNode verdict) {
        return verdict.path("id").asString("") + "  " + verdict.path("createdAt").asString("") + "  "
                + verdict.path("sentence").asString("")
                + (verdict.path("simulated").asBoolean(false) ? " (simulated)" : "");
    }
}
