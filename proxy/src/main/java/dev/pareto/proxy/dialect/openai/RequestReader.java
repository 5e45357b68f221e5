package dev.pareto.proxy.dialect.openai;

import java.util.Set;

import dev.pareto.proxy.dialect.openai.OpenAiRequest.StreamOptions;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a request once, as a stream of tokens, for what the gateway uses; unknown fields are stepped over and stay in the bytes.
 * Made for one request, not shared.
 */
public final class RequestReader {

    /** Fields whose text is no prompt: pictures, files and sounds by address or in base64. */
    private static final Set<String> NOT_TEXT = Set.of("url", "data", "file_data", "file_id", "role", "type", "id",
            "detail");

    private final Endpoint endpoint;
    private final byte[] body;
    private final JsonParser parser;
    private int afterBrace;
    private @Nullable String model;
    private @Nullable Span modelSpan;
    private boolean stream;
    private @Nullable StreamOptions streamOptions;
    private @Nullable Integer maxOutputTokens;
    private int answers = 1;
    private boolean tools;
    private long promptCharacters;
    private @Nullable String serviceTier;
    private boolean jsonWanted;
    private @Nullable String user;
    private @Nullable Span logprobs;
    private boolean logprobsWanted;
    private @Nullable Span temperature;

    private RequestReader(Endpoint endpoint, byte[] body) {
        this.endpoint = endpoint;
        this.body = body;
        this.parser = Json.strictParser(body);
    }

    /** @throws RefusedException when the body is no request that a vendor could understand; says what and where */
    public static OpenAiRequest read(Endpoint endpoint, byte[] body) {
        RequestReader reader = new RequestReader(endpoint, body);
        try (JsonParser parser = reader.parser) {
            return reader.read(parser);
        } catch (JacksonException wrong) {
            throw refused("invalid_json",
                    "The body is not JSON that can be read: " + wrong.getOriginalMessage() + where(wrong),
                    null);
        }
    }

    private OpenAiRequest read(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw refused("invalid_json", "The body must be one JSON object.", null);
        }
        afterBrace = (int) json.currentLocation().getByteOffset();
        if (afterBrace < 1) {
            throw refused("invalid_encoding", "The body must be UTF-8.", null);
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            field(json, name);
        }
        if (json.nextToken() != null) {
            throw refused("invalid_json", "Something follows the JSON object.", null);
        }
        if (model == null || modelSpan == null) {
            throw refused("missing_required_parameter", "you must provide a model parameter", "model");
        }
        StreamOptions options = streamOptions == null ? new StreamOptions.Absent(afterBrace) : streamOptions;
        return new OpenAiRequest(endpoint, body, model, modelSpan, stream, options, maxOutputTokens, answers, tools,
                promptCharacters, serviceTier, jsonWanted, user,
                new OpenAiRequest.Drawing(afterBrace, logprobs, logprobsWanted, temperature));
    }

    private void field(JsonParser json, String name) {
        switch (name) {
            case "model" -> {
                if (json.currentToken() != JsonToken.VALUE_STRING) {
                    throw WrongField.type(name, "a string", json.currentToken());
                }
                model = json.getString();
                modelSpan = currentSpan(json);
            }
            case "service_tier" -> {
                serviceTier = json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : null;
                json.skipChildren();
            }
            case "response_format" -> jsonWanted = jsonWanted(json);
            case "user", "safety_identifier" -> {
                if (json.currentToken() == JsonToken.VALUE_STRING
                        && (user == null || name.equals("safety_identifier"))) {
                    user = json.getString();
                }
                json.skipChildren();
            }
            case "logprobs" -> {
                logprobsWanted = json.currentToken() == JsonToken.VALUE_TRUE
                        || json.currentToken() == JsonToken.VALUE_NUMBER_INT;
                logprobs = span(json);
            }
            case "temperature" -> temperature = span(json);
            case "stream" -> stream = flag(json, name);
            case "stream_options" -> streamOptions = streamOptions(json);
            case "max_tokens", "max_completion_tokens" -> limit(json, name);
            case "n", "best_of" -> answers(json);
            case "tools", "functions" -> tools |= filledArray(json);
            case "messages", "input", "prompt", "query", "documents" -> promptCharacters += text(json);
            default -> json.skipChildren();
        }
    }

    /** {@code {"type": "json_object"}} or a schema; what is wrong with it is left to whoever serves the request. */
    private static boolean jsonWanted(JsonParser json) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return false;
        }
        boolean wanted = false;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            boolean type = json.currentName().equals("type");
            if (json.nextToken() == JsonToken.VALUE_STRING && type) {
                wanted = json.getString().startsWith("json");
            }
            json.skipChildren();
        }
        return wanted;
    }

    /** What is no number of answers is left to whoever serves the request. */
    private void answers(JsonParser json) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() == JsonParser.NumberType.INT) {
            answers = Math.max(answers, json.getIntValue());
        }
        json.skipChildren();
    }

    private static boolean filledArray(JsonParser json) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return false;
        }
        boolean filled = false;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            filled = true;
            json.skipChildren();
        }
        return filled;
    }

    private StreamOptions streamOptions(JsonParser json) {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return new StreamOptions.Null(currentSpan(json));
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw WrongField.type("stream_options", "an object", json.currentToken());
        }
        int inside = (int) json.currentLocation().getByteOffset();
        boolean empty = true;
        StreamOptions said = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            empty = false;
            boolean usage = json.currentName().equals("include_usage");
            json.nextToken();
            if (usage) {
                said = flag(json, "stream_options.include_usage")
                        ? new StreamOptions.Wanted()
                        : new StreamOptions.Declined(currentSpan(json));
            } else {
                json.skipChildren();
            }
        }
        return said == null ? new StreamOptions.Silent(inside, empty) : said;
    }

    private static boolean flag(JsonParser json, String name) {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw WrongField.type(name, "a boolean", json.currentToken());
        };
    }

    private void limit(JsonParser json, String name) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            if (json.getNumberType() != JsonParser.NumberType.INT) {
                throw json.getString().startsWith("-")
                        ? WrongField.below(name, "integer", "1", json.getString())
                        : WrongField.above(name, "integer", String.valueOf(Integer.MAX_VALUE), json.getString());
            }
            int value = json.getIntValue();
            maxOutputTokens = maxOutputTokens == null ? value : Math.min(maxOutputTokens, value);
        } else if (json.currentToken() != JsonToken.VALUE_NULL) {
            throw WrongField.type(name, "an integer", json.currentToken());
        }
    }

    /** Characters of every text below the current value; a number (a token id) counts as four. */
    private static long text(JsonParser json) {
        long characters = 0;
        int depth = 0;
        JsonToken token = json.currentToken();
        while (true) {
            switch (token) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case VALUE_STRING -> {
                    String name = json.streamReadContext().currentName();
                    if (depth == 0 || name == null || !NOT_TEXT.contains(name)) {
                        characters += json.getStringLength();
                    }
                }
                case VALUE_NUMBER_INT -> characters += 4;
                default -> {
                }
            }
            if (depth == 0) {
                return characters;
            }
            token = json.nextToken();
        }
    }

    /** The bytes of the current scalar, quotes included. */
    private static Span currentSpan(JsonParser json) {
        int from = (int) json.currentTokenLocation().getByteOffset();
        int to = (int) json.currentLocation().getByteOffset();
        return new Span(from, to);
    }

    /** The bytes of the current value, whatever it is. */
    private static Span span(JsonParser json) {
        int from = (int) json.currentTokenLocation().getByteOffset();
        json.finishToken();
        json.skipChildren();
        return new Span(from, (int) json.currentLocation().getByteOffset());
    }

    private static String where(JacksonException wrong) {
        return wrong.getLocation() == null
                ? ""
                : " (line " + wrong.getLocation().getLineNr() + ", column " + wrong.getLocation().getColumnNr() + ")";
    }

    private static RefusedException refused(String code, String message, @Nullable String param) {
        return new RefusedException(OpenAiError.badRequest(code, message, param));
    }
}
