package dev.pareto.proxy.cli.experiment;

import picocli.CommandLine.Command;

@Command(name = "start", mixinStandardHelpOptions = true, description = "Split the traffic from the next request on.")
final class ExperimentStartCommand extends ExperimentAction {

    ExperimentStartCommand() {
        super("start");
    }
}
