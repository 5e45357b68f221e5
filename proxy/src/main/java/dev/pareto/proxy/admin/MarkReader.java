package dev.pareto.proxy.admin;

import dev.pareto.dashboards.outlook.AnomalyMark;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what a person says of an anomaly. */
final class MarkReader {

    private MarkReader() {}

    /** @throws IllegalArgumentException with a sentence for the person */
    static AnomalyMark read(String text, Instant now) {
        JsonNode body = parse(text);
        AnomalyMark.State state = switch (body.path("action").asString("")) {
            case "acknowledge" -> AnomalyMark.State.ACKNOWLEDGED;
            case "snooze" -> AnomalyMark.State.SNOOZED;
            case "resolve" -> AnomalyMark.State.RESOLVED;
            case "false-alarm" -> AnomalyMark.State.FALSE_ALARM;
            case "reopen" -> AnomalyMark.State.OPEN;
            default ->
                throw new IllegalArgumentException("action is acknowledge, snooze, resolve, false-alarm or reopen");
        };
        String line = body.path("line").asString("");
        int colon = line.indexOf(':');
        return new AnomalyMark(from(body), line.substring(0, Math.max(0, colon)), line.substring(colon + 1), state,
                until(body, state, now), now, body.path("by").asString("").strip(),
                body.path("reason").asString("").strip());
    }

    private static @Nullable Instant until(JsonNode body, AnomalyMark.State state, Instant now) {
        return state == AnomalyMark.State.SNOOZED ? now.plus(Duration.ofDays(body.path("days").asInt(0))) : null;
    }

    private static Instant from(JsonNode body) {
        try {
            return Instant.parse(body.path("from").asString(""));
        } catch (DateTimeParseException wrong) {
            throw new IllegalArgumentException("'from' is the incident's first moment, e.g. 2026-11-14T10:00:00Z",
                    wrong);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("the body is not JSON", malformed);
        }
    }
}
