package dev.pareto.proxy.cli.swap;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "freeze", mixinStandardHelpOptions = true,
        description = "Let nothing move forward for a while; what is unsafe still goes back.")
final class SwapFreezeCommand extends SwapAction {

    @Option(names = "--reason", required = true, description = "for those who come after")
    private String reason;

    @Option(names = "--for", required = true, description = "how long, e.g. 24h or 7d; 90 days at most")
    private String time;

    SwapFreezeCommand() {
        super("freeze");
    }

    @Override
    void fill(ObjectNode body) {
        body.put("reason", reason).put("for", time);
    }
}
