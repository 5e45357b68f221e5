package dev.pareto.proxy.dialect.openai;

import java.nio.charset.StandardCharsets;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * What the ledger wants to know of an answer or of one event of it; only the top level and the choices are looked at.
 *
 * @param model the model that the vendor says it used
 * @param finishReason of the first choice that has one
 * @param usageRaw the {@code usage} object as sent, or the {@code meta} in which Cohere says what it bills
 * @param usageNull where {@code "usage": null} stands, from the name's first byte to the value's end
 * @param serviceTier the tier that was served
 * @param choices whether there is at least one choice; null when the field is not there
 * @param error whether the answer is an error
 * @param textCharacters of the choices' texts
 */
record AnswerFacts(@Nullable String model, @Nullable String finishReason, @Nullable String usageRaw,
        @Nullable Span usageNull,
        @Nullable String serviceTier, @Nullable Boolean choices, boolean error, long textCharacters) {

    static final AnswerFacts NONE = new AnswerFacts(null, null, null, null, null, null, false, 0);

    private static final Set<String> TEXTS = Set.of("content", "text", "arguments", "reasoning_content", "refusal");

    /** Reads a range of bytes; what is no JSON object tells nothing. */
    static AnswerFacts of(byte[] bytes, int from, int to) {
        AnswerFacts facts = readable(bytes, from, to);
        return facts == null ? NONE : facts;
    }

    /** The same, but null for what is no JSON object; one beyond our bounds is one, though it tells nothing. */
    static @Nullable AnswerFacts readable(byte[] bytes, int from, int to) {
        try (JsonParser json = Json.lenientParser(bytes, from, to - from)) {
            return json.nextToken() == JsonToken.START_OBJECT ? read(json, bytes, from) : null;
        } catch (StreamConstraintsException beyondBounds) {
            return NONE;
        } catch (JacksonException unreadable) {
            return null;
        }
    }

    private static AnswerFacts read(JsonParser json, byte[] bytes, int origin) {
        String model = null;
        String finishReason = null;
        String usageRaw = null;
        String meta = null;
        Span usageNull = null;
        String tier = null;
        Boolean choices = null;
        boolean error = false;
        long characters = 0;
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
                case "meta" -> {
                    int start = origin + (int) json.currentTokenLocation().getByteOffset();
                    json.skipChildren();
                    int end = origin + (int) json.currentLocation().getByteOffset();
                    if (value == JsonToken.START_OBJECT) {
                        meta = new String(bytes, start, end - start, StandardCharsets.UTF_8);
                    }
                }
                case "choices" -> {
                    choices = false;
                    while (value == JsonToken.START_ARRAY && json.nextToken() != JsonToken.END_ARRAY) {
                        choices = true;
                        Choice choice = choice(json);
                        finishReason = finishReason == null ? choice.finishReason() : finishReason;
                        characters += choice.characters();
                    }
                }
                case "error" -> {
                    error = value == JsonToken.START_OBJECT;
                    json.skipChildren();
                }
                default -> json.skipChildren();
            }
        }
        if (usageRaw == null && meta != null && meta.contains("\"billed_units\"")) {
            usageRaw = meta;
        }
        return new AnswerFacts(model, finishReason, usageRaw, usageNull, tier, choices, error, characters);
    }

    private record Choice(@Nullable String finishReason, long characters) {}

    private static Choice choice(JsonParser json) {
        String reason = null;
        long characters = 0;
        int depth = 0;
        JsonToken token = json.currentToken();
        while (true) {
            switch (token) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case VALUE_STRING -> {
                    String name = String.valueOf(json.currentName());
                    if (depth == 1 && name.equals("finish_reason")) {
                        reason = json.getString();
                    } else if (TEXTS.contains(name)) {
                        characters += json.getStringLength();
                    }
                }
                default -> {
                }
            }
            if (depth == 0) {
                return new Choice(reason, characters);
            }
            token = json.nextToken();
        }
    }

    private static @Nullable String string(JsonParser json) {
        String value = json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : null;
        json.skipChildren();
        return value;
    }
}
