package dev.pareto.proxy.cli.swap;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "override", mixinStandardHelpOptions = true,
        description = "Set the share for a while, whatever the evidence; only a guard ends it early. What is frozen is released "
                + "first; afterwards the step goes on with what it had counted.")
final class SwapOverrideCommand extends SwapAction {

    @Option(names = "--reason", required = true, description = "for those who come after")
    private String reason;

    @Option(names = "--for", required = true, description = "how long, e.g. 24h or 7d; 90 days at most")
    private String time;

    @Option(names = "--share", required = true,
            description = "what the candidate serves meanwhile, e.g. 5%%; 0%% closes it")
    private String share;

    SwapOverrideCommand() {
        super("override");
    }

    @Override
    void fill(ObjectNode body) {
        body.put("reason", reason).put("for", time).put("share", share);
    }
}
