package dev.pareto.proxy.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.proxy.dialect.openai.WrongField;

import tools.jackson.databind.JsonNode;

/** A conversation in OpenAI's shape as a chat template takes it: role, plain text and perhaps a name. */
final class LocalMessages {

    private static final List<String> ROLES = List.of("system", "assistant", "user", "function", "tool", "developer");

    /** What answers of OpenAI and others carry and clients send back with the history; no part of the next prompt. */
    private static final Set<String> HARMLESS = Set.of("refusal", "annotations", "reasoning", "reasoning_content");

    private static final List<String> TOOLS = List.of("tool_calls", "function_call", "tool_call_id");

    private static final List<String> PARTS = List.of("text", "image_url", "input_audio", "file", "refusal");

    private LocalMessages() {}

    static List<Map<String, Object>> read(LocalFields root) {
        JsonNode messages = root.require("messages");
        if (!messages.isArray()) {
            throw root.wrongType("messages", "an array of objects");
        }
        if (messages.isEmpty()) {
            throw WrongField.of("empty_array",
                    "Invalid 'messages': empty array. Expected an array with minimum length 1, "
                            + "but got an empty array instead.",
                    "messages");
        }
        List<Map<String, Object>> plain = new ArrayList<>(messages.size());
        for (JsonNode message : messages) {
            String at = "messages[" + plain.size() + "]";
            if (!message.isObject()) {
                throw WrongField.type(at, "an object", message.asToken());
            }
            plain.add(message(new LocalFields(message, at + ".")));
        }
        return plain;
    }

    private static Map<String, Object> message(LocalFields message) {
        message.require("role");
        String role = message.text("role");
        if (role == null || !ROLES.contains(role)) {
            throw WrongField.noneOf(message.path("role"), String.valueOf(role), ROLES);
        }
        if (role.equals("tool") || role.equals("function")) {
            throw LocalFeatures.unsupported(message.path("role"), "does not call tools yet");
        }
        for (String name : message.object().propertyNames()) {
            if (TOOLS.contains(name) && message.has(name) && !message.get(name).isEmpty()) {
                throw LocalFeatures.unsupported(message.path(name), "does not call tools yet");
            }
            if (name.equals("audio") && message.has(name)) {
                throw LocalFeatures.unsupported(message.path(name), "reads text only");
            }
            if (!Set.of("role", "content", "name", "audio").contains(name) && !HARMLESS.contains(name)
                    && !TOOLS.contains(name)) {
                throw WrongField.unknown(message.path(name));
            }
        }
        Map<String, Object> one = new HashMap<>();
        one.put("role", role.equals("developer") ? "system" : role);
        one.put("content", content(message, role.equals("assistant")));
        String name = message.text("name");
        if (name != null) {
            one.put("name", name);
        }
        return one;
    }

    /** An assistant may have said nothing. */
    private static String content(LocalFields message, boolean mayLack) {
        JsonNode content = mayLack ? message.get("content") : message.require("content");
        if (content.isMissingNode()) {
            return "";
        }
        if (content.isString()) {
            return content.asString();
        }
        if (!content.isArray()) {
            throw message.wrongType("content", "one of a string or array of objects");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            text.append(part(content.get(i), message.path("content[" + i + "]")));
        }
        return text.toString();
    }

    private static String part(JsonNode node, String at) {
        if (!node.isObject()) {
            throw WrongField.type(at, "an object", node.asToken());
        }
        LocalFields part = new LocalFields(node, at + ".");
        part.require("type");
        String type = part.text("type");
        if (type == null || !PARTS.contains(type)) {
            throw WrongField.noneOf(part.path("type"), String.valueOf(type), PARTS);
        }
        if (!type.equals("text")) {
            throw LocalFeatures.unsupported(part.path("type"), "reads text only");
        }
        JsonNode text = part.require("text");
        if (!text.isString()) {
            throw part.wrongType("text", "a string");
        }
        return text.asString();
    }
}
