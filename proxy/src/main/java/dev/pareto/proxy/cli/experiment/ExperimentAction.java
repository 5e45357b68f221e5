package dev.pareto.proxy.cli.experiment;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a person does to one experiment: which one, who and why. */
abstract class ExperimentAction implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(paramLabel = "NAME", description = "from experiment list")
    private String name;

    @Option(names = "--reason", required = true, description = "for those who come after")
    private String reason;

    @Option(names = "--by", defaultValue = "${sys:user.name}", description = "who decides (default: ${DEFAULT-VALUE})")
    private String by;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    private final String action;

    ExperimentAction(String action) {
        this.action = action;
    }

    /** Adds what this action needs besides. */
    void fill(ObjectNode body) {}

    /** Tells what is to be known besides. */
    void tell(GatewayClient gateway, String experiment, PrintWriter out) throws IOException, InterruptedException {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("action", action).put("name", name).put("by", by).put("reason", reason);
        fill(body);
        try (GatewayClient gateway = where.connect()) {
            JsonNode after = gateway.experiment(body);
            var out = spec.commandLine().getOut();
            out.println(json ? after.toPrettyString() : ExperimentListCommand.line(after));
            if (!json) {
                ExperimentListCommand.problems(after, out);
                tell(gateway, name, out);
            }
        }
        return 0;
    }
}
