package dev.pareto.proxy.cli.swap;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "approve", mixinStandardHelpOptions = true,
        description = "Let a swap that awaits a person take the step that is due.")
final class SwapApproveCommand extends SwapAction {

    @Option(names = "--reason", defaultValue = "", description = "for those who come after")
    private String reason;

    @Option(names = "--skip-waiting",
            description = "also where time or answers are missing yet; needs a reason and skips what they would show")
    private boolean skipWaiting;

    SwapApproveCommand() {
        super("approve");
    }

    @Override
    void fill(ObjectNode body) {
        body.put("reason", reason);
        if (skipWaiting) {
            body.put("action", "skip-waiting");
        }
    }
}
