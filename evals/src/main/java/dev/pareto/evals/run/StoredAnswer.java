package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer as it is kept: with the item that it answers and the moment at which it was really given.
 *
 * @param item the item's id, for people
 * @param promptSha256 what was asked, by which it is found again
 * @param at when the answer was complete
 * @param answer with its latency and cost as measured then
 */
public record StoredAnswer(String item, String promptSha256, Instant at, Answer answer) {

    /** Checks what must be there. */
    public StoredAnswer {
        requireNonNull(item, "item is null");
        requireNonNull(promptSha256, "promptSha256 is null");
        requireNonNull(at, "at is null");
        requireNonNull(answer, "answer is null");
    }

    /** The same with the beginning of its words only; the store has them all. */
    StoredAnswer brief() {
        return new StoredAnswer(item, promptSha256, at, answer.brief());
    }

    ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("item", item);
        json.put("prompt_sha256", promptSha256);
        json.put("at", at.toString());
        json.put("text", answer.text());
        json.put("latency_ns", answer.latency().toNanos());
        Money cost = answer.cost();
        json.put("cost", cost == null ? null : cost.plain());
        json.put("currency", cost == null ? null : cost.currency());
        json.put("prompt_tokens", answer.promptTokens());
        json.put("completion_tokens", answer.completionTokens());
        json.put("simulated", answer.simulated());
        json.put("finish_reason", answer.finishReason());
        json.put("served_model", answer.servedModel());
        json.put("fingerprint", answer.fingerprint());
        json.put("cache_hit", answer.cacheHit());
        return json;
    }

    static StoredAnswer of(JsonNode json) {
        String cost = text(json, "cost");
        String currency = text(json, "currency");
        return new StoredAnswer(required(json, "item"), required(json, "prompt_sha256"),
                Instant.parse(required(json, "at")),
                new Answer(required(json, "text"), Duration.ofNanos(json.path("latency_ns").asLong()),
                        cost == null || currency == null ? null : new Money(new BigDecimal(cost), currency),
                        number(json, "prompt_tokens"), number(json, "completion_tokens"),
                        json.path("simulated").asBoolean(false), text(json, "finish_reason"),
                        required(json, "served_model"), text(json, "fingerprint"),
                        json.path("cache_hit").asBoolean(false)));
    }

    private static @Nullable String text(JsonNode json, String key) {
        JsonNode value = json.get(key);
        return value == null || value.isNull() ? null : value.asString();
    }

    private static String required(JsonNode json, String key) {
        String value = text(json, key);
        if (value == null) {
            throw new IllegalArgumentException("no '" + key + "'");
        }
        return value;
    }

    private static @Nullable Long number(JsonNode json, String key) {
        JsonNode value = json.get(key);
        return value == null || value.isNull() ? null : (Long) value.asLong();
    }
}
