package dev.pareto.proxy.cli.experiment;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "conclude", mixinStandardHelpOptions = true,
        description = "Put on record which arm it is to be; routes, policies and swaps stay as they are stated.")
final class ExperimentConcludeCommand extends ExperimentAction {

    @Option(names = "--winner", required = true, paramLabel = "ARM", description = "the arm that is chosen")
    private String winner;

    @Option(names = "--anyway",
            description = "also where the experiment has not decided or has decided against the arm; the record says so")
    private boolean anyway;

    ExperimentConcludeCommand() {
        super("conclude");
    }

    @Override
    void fill(ObjectNode body) {
        body.put("winner", winner).put("anyway", anyway);
    }
}
