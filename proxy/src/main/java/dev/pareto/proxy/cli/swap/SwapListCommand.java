package dev.pareto.proxy.cli.swap;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.RemoteList;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Every swap, and where it stands.", mixinStandardHelpOptions = true)
final class SwapListCommand extends RemoteList {

    SwapListCommand() {
        super("swaps", "no swaps; state one under 'swaps:' or file a verdict with ./pareto eval compare");
    }

    @Override
    protected JsonNode ask(GatewayClient gateway) throws IOException, InterruptedException {
        return gateway.swaps();
    }

    @Override
    protected String told(JsonNode swap) {
        return line(swap);
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
