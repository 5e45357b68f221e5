package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.StoredVerdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A verdict as a list shows it. Shares are fractions.
 *
 * @param action what follows from it, e.g. {@code ADVANCE}
 * @param lower null with too little data
 * @param blockedBy guards that keep the candidate out
 */
record VerdictRow(String id, String route, String candidate, String incumbent, String suite, String outcome,
        String action, String sentence, @Nullable Double margin, @Nullable Double difference, @Nullable Double lower,
        @Nullable Double upper, int items, Instant createdAt, Instant expiresAt, boolean expired, boolean simulated,
        List<String> blockedBy) {

    static VerdictRow of(StoredVerdict stored, Instant now) {
        JsonNode json = JsonMapper.shared().readTree(stored.json());
        return new VerdictRow(stored.id(), stored.route(), stored.candidate().toString(),
                stored.incumbent().toString(), json.at("/suite/id").asString(""),
                json.at("/quality/verdict").asString(""), json.at("/decision/action").asString(""),
                json.path("sentence").asString(""), number(json, "/design/margin"), number(json, "/quality/diff"),
                number(json, "/quality/interval/lower"), number(json, "/quality/interval/upper"),
                json.at("/data/n").asInt(0), stored.createdAt(), stored.expiresAt(),
                !stored.expiresAt().isAfter(now), stored.simulated(),
                json.at("/decision/blocked_by").valueStream().map(guard -> guard.asString("")).toList());
    }

    private static @Nullable Double number(JsonNode json, String path) {
        JsonNode value = json.at(path);
        return value.isNumber() ? (Double) value.doubleValue() : null;
    }
}
