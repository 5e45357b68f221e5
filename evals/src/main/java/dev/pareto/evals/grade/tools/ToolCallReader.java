package dev.pareto.evals.grade.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.json.JsonAnswer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Finds the calls of an answer. Read are the OpenAI and Anthropic shapes, where the answer came with a channel for
 * calls; else its text: JSON in those shapes or as {@code {"name": {arguments}}} (BFCL), {@code <tool_call>} blocks
 * (Hermes, Qwen), {@code <function=name>} blocks (Llama), and Python calls {@code [f(a=1), g(b="x")]}.
 */
final class ToolCallReader {

    private static final int MAX_CALLS = 100;
    private static final Pattern BLOCK = Pattern.compile("<tool_call>\\s*(.*?)\\s*</tool_call>", Pattern.DOTALL);
    private static final Pattern FUNCTION = Pattern.compile("<function=([\\w.-]{1,200})>\\s*(\\{.*?\\})\\s*</function>",
            Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("```(?:[a-z_]*)\\s*\\n?(.*?)```", Pattern.DOTALL);

    private ToolCallReader() {}

    /** The calls in their order; empty when the answer makes none, or none that can be read. */
    static List<ToolCall> read(Submission submission) {
        JsonNode channel = submission.toolCalls();
        if (channel != null && !channel.isNull() && !channel.isEmpty()) {
            return ofJson(channel);
        }
        return ofText(submission.text().strip());
    }

    private static List<ToolCall> ofText(String text) {
        List<ToolCall> calls = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            JsonAnswer.parse(block.group(1), false).ifPresent(json -> calls.addAll(ofJson(json)));
        }
        Matcher function = FUNCTION.matcher(text);
        while (function.find()) {
            String name = function.group(1);
            JsonAnswer.parse(function.group(2), false)
                    .filter(JsonNode::isObject)
                    .ifPresent(arguments -> calls.add(new ToolCall(name, arguments)));
        }
        if (!calls.isEmpty()) {
            return calls;
        }
        Matcher fence = FENCE.matcher(text);
        String bare = fence.find() ? fence.group(1).strip() : text;
        Optional<JsonNode> json = JsonAnswer.parse(bare, false);
        List<ToolCall> found = json.map(ToolCallReader::ofJson).orElse(List.of());
        return found.isEmpty() ? PythonCalls.read(bare) : found;
    }

    private static List<ToolCall> ofJson(JsonNode json) {
        List<ToolCall> calls = new ArrayList<>();
        if (json.isArray()) {
            json.forEach(element -> {
                if (calls.size() < MAX_CALLS) {
                    calls.addAll(ofJson(element));
                }
            });
        } else if (json.path("tool_calls").isArray()) {
            return ofJson(json.path("tool_calls"));
        } else if (json.path("function").isObject()) {
            return ofJson(json.path("function"));
        } else if (json.path("name").isString()) {
            JsonNode arguments = arguments(first(json, "arguments", "parameters", "input"));
            if (arguments != null) {
                calls.add(new ToolCall(json.path("name").stringValue(), arguments));
            }
        } else if (json.isObject()) {
            for (Map.Entry<String, JsonNode> entry : json.properties()) {
                JsonNode arguments = arguments(entry.getValue());
                if (arguments == null) {
                    return List.of();
                }
                calls.add(new ToolCall(entry.getKey(), arguments));
            }
        }
        return calls;
    }

    private static JsonNode first(JsonNode json, String... names) {
        for (String name : names) {
            if (json.has(name)) {
                return json.path(name);
            }
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private static @Nullable JsonNode arguments(JsonNode value) {
        JsonNode parsed = value.isString()
                ? JsonAnswer.parse(value.stringValue().isBlank() ? "{}" : value.stringValue(), false).orElse(value)
                : value;
        return parsed.isObject() ? parsed : null;
    }
}
