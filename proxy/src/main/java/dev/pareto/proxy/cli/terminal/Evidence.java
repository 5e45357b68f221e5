package dev.pareto.proxy.cli.terminal;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** How far the evidence of a test has come, for people: they read no logarithms. */
public final class Evidence {

    private Evidence() {}

    /**
     * {@code 12 % of the way to an alarm}.
     *
     * @param log the natural logarithm of the evidence; no number before the first observation
     * @param alarmAt what that must reach
     */
    public static String toAlarm(JsonNode log, JsonNode alarmAt) {
        double needed = alarmAt.asDouble(0);
        if (!log.isNumber() || needed <= 0) {
            return "nothing seen yet";
        }
        double way = log.doubleValue() / needed;
        return way >= 1
                ? "ALARM"
                : String.format(Locale.ROOT, "quiet, %.0f %% of the way to an alarm",
                        Math.floor(100 * Math.max(0, way)));
    }
}
