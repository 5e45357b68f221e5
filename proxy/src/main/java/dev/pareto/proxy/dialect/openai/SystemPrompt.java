package dev.pareto.proxy.dialect.openai;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Puts another system prompt into a chat request; every other byte stays as it came. */
public final class SystemPrompt {

    private SystemPrompt() {}

    /**
     * The request with {@code text} as the content of its leading system or developer message, or with such a message where it has none.
     *
     * @param body that {@link RequestReader} has read
     * @return the body itself when it has no list of messages
     */
    public static byte[] replaced(byte[] body, String text) {
        try (JsonParser json = Json.strictParser(body)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean messages = json.currentName().equals("messages");
                if (json.nextToken() == JsonToken.START_ARRAY && messages) {
                    BodyPatch patch = new BodyPatch();
                    first(json, text, patch);
                    return patch.apply(body);
                }
                json.skipChildren();
            }
            return body;
        }
    }

    private static void first(JsonParser json, String text, BodyPatch patch) {
        int afterBracket = (int) json.currentLocation().getByteOffset();
        String message = "{\"role\":\"system\",\"content\":" + BodyPatch.quoted(text) + "}";
        if (json.nextToken() != JsonToken.START_OBJECT) {
            patch.insert(afterBracket, json.currentToken() == JsonToken.END_ARRAY ? message : message + ",");
            return;
        }
        String role = "";
        Span content = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            int from = (int) json.currentTokenLocation().getByteOffset();
            if (name.equals("role") && value == JsonToken.VALUE_STRING) {
                role = json.getString();
            }
            if (value == JsonToken.VALUE_STRING) {
                json.getString(); // so that the parser stands behind it
            }
            json.skipChildren();
            if (name.equals("content")) {
                content = new Span(from, (int) json.currentLocation().getByteOffset());
            }
        }
        if (content != null && (role.equals("system") || role.equals("developer"))) {
            patch.replace(content, BodyPatch.quoted(text));
        } else {
            patch.insert(afterBracket, message + ",");
        }
    }
}
