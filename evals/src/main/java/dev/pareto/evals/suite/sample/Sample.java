package dev.pareto.evals.suite.sample;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request as a caller sent it, before any masking. Who sent it is not kept.
 *
 * @param id of the request, to find its row in the ledger
 * @param at when it came
 * @param route whose traffic it is
 * @param messages in the OpenAI dialect; treat as read-only
 * @param tags the caller's own, e.g. feature=triage
 */
public record Sample(String id, Instant at, String route, ArrayNode messages, SortedMap<String, String> tags) {

    /** Copies the tags. */
    public Sample {
        requireNonNull(id, "id is null");
        requireNonNull(at, "at is null");
        requireNonNull(route, "route is null");
        requireNonNull(messages, "messages is null");
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** The messages of a chat request's body; null when it has none. */
    static @Nullable ArrayNode messages(byte[] body) {
        try {
            JsonNode request = JsonMapper.shared().readTree(body);
            JsonNode messages = request.path("messages");
            if (messages instanceof ArrayNode array && !array.isEmpty()) {
                JsonNode system = request.path("system");
                if (system.isString()) {
                    array.insertObject(0).put("role", "system").put("content", system.asString());
                }
                return array;
            }
            return null;
        } catch (JacksonException e) {
            return null;
        }
    }

    byte[] bytes() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", id);
        json.put("at", at.toString());
        json.put("route", route);
        json.set("messages", messages);
        json.set("tags", JsonMapper.shared().valueToTree(tags));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    static Sample of(byte[] bytes) {
        JsonNode json = JsonMapper.shared().readTree(bytes);
        SortedMap<String, String> tags = new TreeMap<>();
        json.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString("")));
        return new Sample(json.path("id").asString(), Instant.parse(json.path("at").asString()),
                json.path("route").asString(),
                (ArrayNode) json.path("messages"), tags);
    }
}
