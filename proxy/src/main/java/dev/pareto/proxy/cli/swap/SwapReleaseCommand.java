package dev.pareto.proxy.cli.swap;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "release", mixinStandardHelpOptions = true,
        description = "End a freeze or an override before its time.")
final class SwapReleaseCommand extends SwapAction {

    @Option(names = "--reason", defaultValue = "", description = "for those who come after")
    private String reason;

    SwapReleaseCommand() {
        super("release");
    }

    @Override
    void fill(ObjectNode body) {
        body.put("reason", reason);
    }
}
