package dev.pareto.proxy.cli.swap;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Every swap, and where it stands.", mixinStandardHelpOptions = true)
final class SwapListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        JsonNode answer;
        try (GatewayClient gateway = where.connect()) {
            answer = gateway.swaps();
        }
        if (json) {
            out.println(answer.toPrettyString());
            return 0;
        }
        for (JsonNode swap : answer.path("swaps")) {
            out.println(line(swap));
        }
        if (answer.path("swaps").isEmpty()) {
            out.println("no swaps; state one under 'swaps:' or file a verdict with ./pareto eval compare");
        }
        return 0;
    }

    /** {@code support → local/support-desk   RAMP 5 % since …: verdict v-12 non-inferior}. */
    static String line(JsonNode swap) {
        String segment = swap.path("segment").asString("");
        String hold = swap.path("hold").isObject()
                ? "  [" + swap.path("hold").path("kind").asString("").toLowerCase(Locale.ROOT) + " by "
                        + swap.path("hold").path("by").asString("") + " until "
                        + swap.path("hold").path("until").asString("") + ": "
                        + swap.path("hold").path("reason").asString("") + "]"
                : "";
        return String.format(Locale.ROOT, "%s%s → %s  %s %s %%  since %s: %s%s", swap.path("route").asString(""),
                segment.isEmpty() ? "" : " (" + segment + ")", swap.path("candidate").asString(""),
                swap.path("state").asString(""), percent(swap.path("share").asDouble(0)),
                swap.path("since").asString(""), swap.path("reason").asString(""), hold);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.4g", 100 * share).replaceFirst("\\.?0+$", "");
    }
}
