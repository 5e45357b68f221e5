package dev.pareto.proxy.dialect.openai;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What the ledger wants to know of an answer or of one event of it; only the top level and the choices are looked at.
 *
 * @param model the model that the vendor says it used
 * @param finishReason of the first choice that has one
 * @param usageRaw the {@code usage} object as sent
 * @param usageNull where {@code "usage": null} stands, from the name's first byte to the value's end
 * @param serviceTier the tier that was served
 * @param choices whether there is at least one choice; null when the field is not there
 * @param error whether the answer is an error
 */
record AnswerFacts(@Nullable String model, @Nullable String finishReason, @Nullable String usageRaw,
        @Nullable Span usageNull,
        @Nullable String serviceTier, @Nullable Boolean choices, boolean error) {

    static final AnswerFacts NONE = new AnswerFacts(null, null, null, null, null, null, false);

    /** Reads a range of bytes; what is no JSON object tells nothing. */
    static AnswerFacts of(byte[] bytes, int from, int to) {
        try (JsonParser json = Json.lenientParser(bytes, from, to - from)) {
            return json.nextToken() == JsonToken.START_OBJECT ? read(json, bytes, from) : NONE;
        } catch (JacksonException unreadable) {
            return NONE;
        }
    }

    private static AnswerFacts read(JsonParser json, byte[] bytes, int origin) {
        String model = null;
        String finishReason = null;
        String usageRaw = null;
        Span usageNull = null;
        String tier = null;
        Boolean choices = null;
        boolean error = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            int nameAt = origin + (int) json.currentTokenLocation().getByteOffset();
            JsonToken value = json.nextToken();
            switch (name) {
                case "model" -> model = string(json);
                case "service_tier" -> tier = string(json);
                case "usage" -> {
                    int start = origin + (int) json.currentTokenLocation().getByteOffset();
                    json.skipChildren();
                    int end = origin + (int) json.currentLocation().getByteOffset();
                    if (value == JsonToken.START_OBJECT) {
                        usageRaw = new String(bytes, start, end - start, StandardCharsets.UTF_8);
                    } else if (value == JsonToken.VALUE_NULL) {
                        usageNull = new Span(nameAt, end);
                    }
                }
                case "choices" -> {
                    choices = false;
                    while (value == JsonToken.START_ARRAY && json.nextToken() != JsonToken.END_ARRAY) {
                        choices = true;
                        String reason = finishReason(json);
                        finishReason = finishReason == null ? reason : finishReason;
                    }
                }
                case "error" -> {
                    error = value == JsonToken.START_OBJECT;
                    json.skipChildren();
                }
                default -> json.skipChildren();
            }
        }
        return new AnswerFacts(model, finishReason, usageRaw, usageNull, tier, choices, error);
    }

    private static @Nullable String finishReason(JsonParser json) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return null;
        }
        String reason = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean named = json.currentName().equals("finish_reason");
            json.nextToken();
            if (named) {
                reason = string(json);
            }
            json.skipChildren();
        }
        return reason;
    }

    private static @Nullable String string(JsonParser json) {
        String value = json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : null;
        json.skipChildren();
        return value;
    }
}
