package dev.pareto.proxy.cli.swap;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a person does to one swap: which one, who and why. */
abstract class SwapAction implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(paramLabel = "ROUTE", description = "from swap list")
    private String route;

    @Option(names = "--segment", description = "the part of the traffic with a swap of its own (default: the rest)")
    private @Nullable String segment;

    @Option(names = "--candidate", description = "where a route has several")
    private @Nullable String candidate;

    @Option(names = "--by", defaultValue = "${sys:user.name}", description = "who decides (default: ${DEFAULT-VALUE})")
    private String by;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    private final String action;

    SwapAction(String action) {
        this.action = action;
    }

    /** Adds what this action needs besides. */
    abstract void fill(ObjectNode body);

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("action", action).put("route", route).put("by", by);
        if (segment != null) {
            body.put("segment", segment);
        }
        if (candidate != null) {
            body.put("candidate", candidate);
        }
        fill(body);
        try (GatewayClient gateway = where.connect()) {
            JsonNode after = gateway.steer(body);
            spec.commandLine().getOut().println(json ? after.toPrettyString() : SwapListCommand.line(after));
        }
        return 0;
    }
}
