package dev.pareto.proxy.cli.swap;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "approve", mixinStandardHelpOptions = true,
        description = "Let a swap that awaits a person take its next step.")
final class SwapApproveCommand extends SwapAction {

    @Option(names = "--reason", defaultValue = "", description = "for those who come after")
    private String reason;

    SwapApproveCommand() {
        super("approve");
    }

    @Override
    void fill(ObjectNode body) {
        body.put("reason", reason);
    }
}
