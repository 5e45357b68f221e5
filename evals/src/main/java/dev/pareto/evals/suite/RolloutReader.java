package dev.pareto.evals.suite;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Reads the {@code rollout} and {@code rollback} blocks of a suite. */
final class RolloutReader {

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5}) ?(s|m|h|d)");

    private final Section rollout;
    private final Section rollback;

    RolloutReader(Section top) throws SuiteException {
        rollout = top.section("rollout");
        rollback = top.section("rollback");
    }

    RolloutPlan read() throws SuiteException {
        rollout.allow(Set.of("shadow", "stages", "holdback"), Map.of());
        rollback.allow(Set.of("arl", "exit_margin", "cooldown"), Map.of());
        Section shadow = rollout.section("shadow");
        shadow.allow(Set.of("sample", "usd_per_day"), Map.of());
        Double usd = shadow.optionalNumber("usd_per_day");
        if (usd != null && usd < 0) {
            throw shadow.error("usd_per_day", "the amount is negative", "write 0 or more");
        }
        Double arl = rollback.optionalNumber("arl");
        if (arl != null && !(arl > 1)) {
            throw rollback.error("arl", "arl " + arl + " is not more than 1", "write e.g. 1000000");
        }
        return new RolloutPlan(share(shadow, "sample"), usd == null ? null : BigDecimal.valueOf(usd), stages(),
                share(rollout, "holdback"), arl, share(rollback, "exit_margin"), cooldown());
    }

    private static @Nullable Double share(Section section, String key) throws SuiteException {
        Double share = section.optionalNumber(key);
        if (share != null && !(share >= 0 && share < 1)) {
            throw section.error(key, "'" + key + "' is not a share within [0, 1)", "write 5 % as 0.05");
        }
        return share;
    }

    private List<Double> stages() throws SuiteException {
        List<Double> stages = new ArrayList<>();
        for (JsonNode node : elements(rollout, "stages")) {
            double share = node.isNumber() ? node.doubleValue() : -1;
            if (!(share > 0 && share <= 1)) {
                throw rollout.error("stages", "'" + node.asString("") + "' is not a share within (0, 1]",
                        "write [0.01, 0.05, 0.25, 0.95]");
            }
            if (!stages.isEmpty() && share <= stages.getLast()) {
                throw rollout.error("stages", "the stages do not grow", "write [0.01, 0.05, 0.25, 0.95]");
            }
            stages.add(share);
        }
        return stages;
    }

    private List<Duration> cooldown() throws SuiteException {
        List<Duration> cooldown = new ArrayList<>();
        for (JsonNode node : elements(rollback, "cooldown")) {
            Matcher matcher = DURATION.matcher(node.asString(""));
            if (!node.isString() || !matcher.matches()) {
                throw rollback.error("cooldown", "'" + node.asString("") + "' is not a time", "write [1d, 7d, 30d]");
            }
            long amount = Long.parseLong(String.valueOf(matcher.group(1)));
            cooldown.add(switch (String.valueOf(matcher.group(2))) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            });
        }
        return cooldown;
    }

    private static List<JsonNode> elements(Section section, String key) throws SuiteException {
        JsonNode node = section.optional(key);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            throw section.error(key, "'" + key + "' must be a list", "write [a, b]");
        }
        return List.copyOf(node.values());
    }
}
