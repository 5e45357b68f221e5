package dev.pareto.proxy.cli.swap;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "rollback", aliases = "roll-back", mixinStandardHelpOptions = true,
        description = "Take the traffic back now; a cool-down follows.")
final class SwapRollBackCommand extends SwapAction {

    @Option(names = "--reason", required = true, description = "for those who come after")
    private String reason;

    SwapRollBackCommand() {
        super("roll-back");
    }

    @Override
    void fill(ObjectNode body) {
        body.put("reason", reason);
    }
}
