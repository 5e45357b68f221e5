package dev.pareto.proxy.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.proxy.dialect.openai.WrongField;

import tools.jackson.databind.JsonNode;

/**
 * A conversation in OpenAI's shape as a chat template takes it: role, plain text, and what came of tools. Earlier reasoning goes
 * along: templates leave it out where it is no part of the next prompt.
 */
final class LocalMessages {

    private static final List<String> ROLES = List.of("system", "assistant", "user", "function", "tool", "developer");

    /** What answers of OpenAI and others carry and clients send back with the history; no part of the next prompt. */
    private static final Set<String> HARMLESS = Set.of("refusal", "annotations", "reasoning");

    private static final Set<String> KNOWN = Set.of("role", "content", "name", "audio", "tool_calls", "tool_call_id",
            "function_call", "reasoning_content");

    /** Four times as many as OpenAI takes; what is done with a message may grow with the number of those before it. */
    private static final int MAX_MESSAGES = 8_192;
    private static final int MAX_CALLS = 128;
    private static final int MAX_ID = 256;

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
        if (messages.size() > MAX_MESSAGES) {
            throw WrongField.of("array_above_max_length",
                    "Invalid 'messages': array too long. Expected an array with maximum length " + MAX_MESSAGES
                            + ", but got an array with length " + messages.size() + " instead.",
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
        if (role.equals("function")) {
            throw LocalFeatures.unsupported(message.path("role"), "knows tools instead of functions");
        }
        for (String name : message.object().propertyNames()) {
            if (name.equals("function_call") && message.has(name) && !message.get(name).isEmpty()) {
                throw LocalFeatures.unsupported(message.path(name), "knows tools instead of functions");
            }
            if (name.equals("audio") && message.has(name)) {
                throw LocalFeatures.unsupported(message.path(name), "reads text only");
            }
            if (!KNOWN.contains(name) && !HARMLESS.contains(name)) {
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
        String reasoning = message.text("reasoning_content");
        if (reasoning != null && role.equals("assistant")) {
            one.put("reasoning_content", reasoning);
        }
        if (role.equals("tool")) {
            message.require("tool_call_id");
            one.put("tool_call_id", text(message, "tool_call_id", MAX_ID));
        }
        List<Object> calls = calls(message);
        if (!calls.isEmpty() && role.equals("assistant")) {
            one.put("tool_calls", calls);
        }
        return one;
    }

    private static List<Object> calls(LocalFields message) {
        JsonNode given = message.get("tool_calls");
        if (!given.isMissingNode() && !given.isArray()) {
            throw message.wrongType("tool_calls", "an array of objects");
        }
        if (given.size() > MAX_CALLS) {
            throw WrongField.of("array_above_max_length", "Invalid '" + message.path("tool_calls")
                    + "': array too long. Expected an array with maximum length " + MAX_CALLS
                    + ", but got an array with length " + given.size() + " instead.", message.path("tool_calls"));
        }
        List<Object> calls = new ArrayList<>();
        for (JsonNode node : given) {
            String at = message.path("tool_calls[" + calls.size() + "]");
            if (!node.isObject()) {
                throw WrongField.type(at, "an object", node.asToken());
            }
            LocalFields call = new LocalFields(node, at + ".");
            call.require("id");
            if (!call.require("function").isObject()) {
                throw call.wrongType("function", "an object");
            }
            if (call.has("type") && !"function".equals(call.text("type"))) {
                throw WrongField.noneOf(call.path("type"), String.valueOf(call.text("type")), List.of("function"));
            }
            LocalFields function = new LocalFields(call.get("function"), call.path("function."));
            function.require("name");
            function.require("arguments");
            calls.add(call(text(call, "id", MAX_ID), text(function, "name", MAX_ID),
                    text(function, "arguments", Integer.MAX_VALUE)));
        }
        return calls;
    }

    /** In OpenAI's order: some templates write the whole as JSON. */
    private static Map<String, Object> call(String id, String name, String arguments) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", name);
        function.put("arguments", arguments);
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("id", id);
        call.put("type", "function");
        call.put("function", function);
        return call;
    }

    private static String text(LocalFields fields, String name, int most) {
        String text = fields.text(name);
        if (text == null) {
            throw fields.wrongType(name, "a string");
        }
        if (text.length() > most) {
            throw WrongField.of("string_above_max_length", "Invalid '" + fields.path(name)
                    + "': string too long. Expected a string with maximum length " + most + ", but got one with length "
                    + text.length() + " instead.", fields.path(name));
        }
        return text;
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
