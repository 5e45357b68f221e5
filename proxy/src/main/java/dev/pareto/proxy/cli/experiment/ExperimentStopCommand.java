package dev.pareto.proxy.cli.experiment;

import picocli.CommandLine.Command;

@Command(name = "stop", mixinStandardHelpOptions = true, description = "Give the traffic back; what was seen is kept.")
final class ExperimentStopCommand extends ExperimentAction {

    ExperimentStopCommand() {
        super("stop");
    }
}
