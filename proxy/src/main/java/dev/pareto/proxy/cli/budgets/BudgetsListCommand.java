package dev.pareto.proxy.cli.budgets;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.RemoteList;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "list", description = "Every budget: spent, set aside and left, those in trouble first.",
        mixinStandardHelpOptions = true)
final class BudgetsListCommand extends RemoteList {

    BudgetsListCommand() {
        super("budgets", "no budgets; state one under 'budgets:' in pareto.yaml");
    }

    @Override
    protected JsonNode ask(GatewayClient gateway) throws IOException, InterruptedException {
        return gateway.budgets();
    }

    @Override
    protected String told(JsonNode budget) {
        return line(budget);
    }

    /** {@code team-search  USED UP  499.98 of 500 USD a month spent (99.9 %), 0.01 left, resets …  team search}. */
    static String line(JsonNode it) {
        String resets = it.path("resets").asString("");
        String out = it.path("outlook").path("runsOut").asString("");
        String per = it.path("per").asString("");
        return String.format(Locale.ROOT, "%s  %s  %s of %s USD %s spent (%s %%), %s set aside, %s left%s%s  [%s]",
                it.path("name").asString(""), state(it), cents(it, "spent"), cents(it, "limit"),
                per.equals("total") ? "in total" : "a " + per,
                it.path("used").decimalValue().movePointRight(2).setScale(1, RoundingMode.HALF_EVEN),
                cents(it, "reserved"),
                cents(it, "left"), resets.isEmpty() ? ", never renewed" : ", begins anew at " + resets,
                out.isEmpty() ? "" : ", forecast to run out on " + out, it.path("scope").asString(""));
    }

    private static String state(JsonNode it) {
        return switch (it.path("state").asString("")) {
            case "overrun" -> "OVERRUN";
            case "used-up" -> "USED UP";
            case "unknown" -> "UNKNOWN";
            case "ahead" -> "ahead of an even pace";
            default -> "within";
        };
    }

    /** Rounded for people; {@code --json} has every digit. */
    private static String cents(JsonNode it, String field) {
        return new BigDecimal(it.path(field).asString("0")).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
    }
}
