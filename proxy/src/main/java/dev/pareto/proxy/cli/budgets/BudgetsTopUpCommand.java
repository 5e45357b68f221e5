package dev.pareto.proxy.cli.budgets;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "top-up", mixinStandardHelpOptions = true,
        description = "Grants money once, for the running period; written down with who and why.")
final class BudgetsTopUpCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(paramLabel = "NAME", description = "from budgets list")
    private String name;

    @Parameters(paramLabel = "AMOUNT", description = "such as '50 USD'")
    private String amount;

    @Option(names = "--reason", required = true, description = "for those who come after")
    private String reason;

    @Option(names = "--by", defaultValue = "${sys:user.name}", description = "who decides (default: ${DEFAULT-VALUE})")
    private String by;

    @Option(names = "--expires", description = "a moment such as 2026-11-30T18:00:00Z (default: the end of the period)")
    private @Nullable String expires;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("action", "top-up").put("budget", name).put("amount", amount).put("reason", reason).put("by", by);
        if (expires != null) {
            body.put("expires", expires);
        }
        try (GatewayClient gateway = where.connect()) {
            JsonNode after = gateway.budget(body);
            spec.commandLine()
                    .getOut()
                    .println(json ? after.toPrettyString() : BudgetsListCommand.line(after.path("budget")));
        }
        return 0;
    }
}
