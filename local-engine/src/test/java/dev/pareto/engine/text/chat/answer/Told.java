package dev.pareto.engine.text.chat.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * What a caller of the parser knows in the end, put together from all events.
 *
 * @param calls each as {@code name(arguments)}; one whose arguments stayed incomplete ends with an ellipsis
 */
record Told(String content, String reasoning, List<String> calls) {

    private static final Map<String, Map<String, ?>> TOOLS = Map.of("get_weather",
            Map.of("type", "object", "properties",
                    Map.of("city", Map.of("type", "string"), "days", Map.of("type", "integer"), "metric",
                            Map.of("type", "boolean"), "tags", Map.of("$ref", "#/$defs/texts"), "note",
                            Map.of("anyOf", List.of(Map.of("type", "string"), Map.of("type", "null"))), "limit",
                            Map.of("type", List.of("number", "null"))),
                    "$defs", Map.of("texts", Map.of("type", "array"))),
            "noop", Map.of(), "python",
            Map.of("type", "object", "properties", Map.of("code", Map.of("type", "string"))));

    static AnswerSettings settings(String template, String open, boolean tools, boolean streamed) {
        var number = new AtomicInteger();
        return new AnswerSettings(AnswerFormat.of(template), open, tools ? TOOLS : Map.of(), streamed,
                () -> "call" + number.getAndIncrement());
    }

    /** Reads pieces one by one. */
    static Told of(AnswerParser parser, List<String> pieces) {
        var events = new ArrayList<AnswerEvent>();
        pieces.forEach(piece -> events.addAll(parser.accept(piece)));
        events.addAll(parser.finish());
        return of(events, parser.calls());
    }

    private static Told of(List<AnswerEvent> events, List<ToolCall> complete) {
        var content = new StringBuilder();
        var reasoning = new StringBuilder();
        var names = new ArrayList<String>();
        var arguments = new ArrayList<StringBuilder>();
        for (var event : events) {
            switch (event) {
                case AnswerEvent.Content(String text) -> content.append(text);
                case AnswerEvent.Reasoning(String text) -> reasoning.append(text);
                case AnswerEvent.CallStart(int index, String id, String name) -> {
                    if (index != names.size() || !id.equals("call" + index)) {
                        throw new AssertionError("call " + index + " with id " + id + " comes out of order");
                    }
                    names.add(name);
                    arguments.add(new StringBuilder());
                }
                case AnswerEvent.CallArguments(int index, String json) -> arguments.get(index).append(json);
            }
        }
        var calls = new ArrayList<String>();
        for (int i = 0; i < names.size(); i++) {
            var call = names.get(i) + "(" + arguments.get(i) + ")";
            calls.add(isComplete(complete, i, names.get(i), arguments.get(i).toString()) ? call : call + "…");
        }
        return new Told(content.toString(), reasoning.toString(), calls);
    }

    private static boolean isComplete(List<ToolCall> complete, int index, String name, String arguments) {
        @Nullable
        ToolCall call = complete.stream().filter(one -> one.index() == index).findFirst().orElse(null);
        return call != null && call.name().equals(name) && call.arguments().equals(arguments);
    }
}
