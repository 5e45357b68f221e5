package dev.pareto.proxy.cli.experiment;

import dev.pareto.proxy.cli.remote.GatewayClient;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(name = "start", mixinStandardHelpOptions = true, description = "Split the traffic from the next request on.")
final class ExperimentStartCommand extends ExperimentAction {

    ExperimentStartCommand() {
        super("start");
    }

    @Override
    void tell(GatewayClient gateway, String experiment, PrintWriter out) throws IOException, InterruptedException {
        ExperimentShowCommand.concludedBefore(gateway.experiment(experiment), out);
    }
}
