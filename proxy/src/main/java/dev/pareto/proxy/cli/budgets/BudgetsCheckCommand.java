package dev.pareto.proxy.cli.budgets;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "check", mixinStandardHelpOptions = true,
        description = "Whether there is money left: exit status 1 where a budget is used up, overrun or not known.")
final class BudgetsCheckCommand implements Callable<Integer> {

    private static final List<String> FINE = List.of("within", "ahead");

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "only these budgets")
    private List<String> names = new ArrayList<>();

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonNode all;
        try (GatewayClient gateway = where.connect()) {
            all = gateway.budgets();
        }
        List<JsonNode> asked = all.path("budgets")
                .valueStream()
                .filter(it -> names.isEmpty() || names.contains(it.path("name").asString("")))
                .toList();
        for (String name : names) {
            if (asked.stream().noneMatch(it -> it.path("name").asString("").equals(name))) {
                throw new UsageException("there is no budget '" + name + "'; budgets list shows them");
            }
        }
        List<JsonNode> bad = asked.stream().filter(it -> !FINE.contains(it.path("state").asString(""))).toList();
        var out = spec.commandLine().getOut();
        if (json) {
            ObjectNode told = JsonMapper.shared().createObjectNode().put("ok", bad.isEmpty());
            told.putArray("budgets").addAll(asked);
            out.println(told.toPrettyString());
        } else {
            asked.forEach(it -> out.println(BudgetsListCommand.line(it)));
            out.println(bad.isEmpty()
                    ? asked.size() + " budgets, all with money left"
                    : bad.size() + " of " + asked.size() + " budgets have no money left");
        }
        return bad.isEmpty() ? 0 : 1;
    }
}
