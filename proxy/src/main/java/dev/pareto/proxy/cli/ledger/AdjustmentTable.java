package dev.pareto.proxy.cli.ledger;

import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;

/** Prints what was booked, or would be. */
final class AdjustmentTable {

    private static final int SHOWN = 50;

    private AdjustmentTable() {}

    static void print(JsonNode answer, PrintWriter out) {
        boolean booked = answer.path("booked").asBoolean(false);
        JsonNode adjustments = answer.path("adjustments");
        int shown = 0;
        for (JsonNode one : adjustments) {
            if (shown++ == SHOWN) {
                out.printf("… and %,d more%n", adjustments.size() - SHOWN);
                break;
            }
            out.printf("%s  %s  %-8s %s %s  %s%s%s%n", text(one, "id"), text(one, "concerns"), text(one, "kind"),
                    text(one, "amount"), text(one, "currency"), about(one), text(one, "reason"),
                    one.path("attemptId").isNull() ? "" : " (call " + text(one, "attemptId") + ")");
        }
        out.printf("%,d adjustments %s%n", adjustments.size(),
                booked ? "booked" : "would be booked; write --book to book them");
    }

    private static String about(JsonNode one) {
        String about = (text(one, "vendor") + " " + text(one, "tenant") + " " + text(one, "model")).strip();
        return about.isEmpty() ? "" : about.replaceAll(" +", " ") + ": ";
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
