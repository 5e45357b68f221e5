package dev.pareto.engine.text.chat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.chat.answer.AnswerFormat.Family;
import dev.pareto.engine.text.template.Bounds;
import dev.pareto.engine.text.template.Template;

/** Messages in OpenAI's shape, as one template wants them. */
final class MessageShapes {

    private static final Template SCHEMAS = Template.parse("{% for tool in tools %}{{ tool | tojson }}\n{% endfor %}",
            Bounds.DEFAULT);

    private final TemplateTraits traits;
    private final List<Map<String, @Nullable Object>> shaped = new ArrayList<>();
    /** The names of the tools that were called, by the id of the call. */
    private final Map<String, String> called = new HashMap<>();

    private MessageShapes(TemplateTraits traits) {
        this.traits = traits;
    }

    static List<Map<String, @Nullable Object>> of(TemplateTraits traits,
            List<? extends Map<String, ? extends @Nullable Object>> messages,
            @Nullable List<? extends Map<String, ? extends @Nullable Object>> tools) {
        var shapes = new MessageShapes(traits);
        for (var message : messages) {
            shapes.add(new LinkedHashMap<>(message));
        }
        if (tools != null && !tools.isEmpty() && traits.tools() && !traits.describesTools()) {
            shapes.describe(tools);
        }
        if (!traits.systemRole()) {
            shapes.mergeSystem();
        }
        return shapes.shaped;
    }

    private void add(Map<String, @Nullable Object> message) {
        var role = message.get("role");
        if ("assistant".equals(role)) {
            addAnswer(message);
        } else if ("tool".equals(role)) {
            var id = String.valueOf(message.get("tool_call_id"));
            if (!message.containsKey("name") && called.containsKey(id)) {
                message.put("name", called.get(id));
            }
            message.put("tool_call_id", id(id));
            insertResult(message);
        } else {
            shaped.add(message);
        }
    }

    private void addAnswer(Map<String, @Nullable Object> message) {
        boolean silent = message.get("content") == null || "".equals(message.get("content"));
        if (!(message.get("tool_calls") instanceof List<?> calls) || calls.isEmpty()) {
            message.remove("tool_calls");
            message.put("content", silent ? "" : message.get("content"));
            shaped.add(message);
            return;
        }
        if (silent) {
            message.put("content", traits.nullContent() ? null : "");
            if (traits.thinkingField() && message.get("reasoning_content") instanceof String thoughts) {
                message.put("thinking", thoughts);
            }
        }
        var shapedCalls = calls.stream().map(call -> call instanceof Map<?, ?> map ? call(map) : call).toList();
        if (traits.parallelCalls() || shapedCalls.size() == 1) {
            message.put("tool_calls", shapedCalls);
            shaped.add(message);
            return;
        }
        for (int i = 0; i < shapedCalls.size(); i++) {
            var one = new LinkedHashMap<String, @Nullable Object>(message);
            if (i > 0) {
                one.put("content", traits.nullContent() ? null : "");
            }
            one.put("tool_calls", List.of(shapedCalls.get(i)));
            shaped.add(one);
        }
    }

    private Object call(Map<?, ?> call) {
        var shapedCall = new LinkedHashMap<Object, @Nullable Object>(call);
        var id = String.valueOf(call.get("id"));
        shapedCall.put("id", id(id));
        if (call.get("function") instanceof Map<?, ?> function) {
            var shapedFunction = new LinkedHashMap<Object, @Nullable Object>(function);
            called.put(id, String.valueOf(function.get("name")));
            if (traits.objectArguments() && function.get("arguments") instanceof String text) {
                var object = JsonReader.object(text.isBlank() ? "{}" : text);
                shapedFunction.put("arguments", object == null ? text : object);
            }
            shapedCall.put("function", shapedFunction);
        }
        return shapedCall;
    }

    /** Mistral's templates refuse ids that are not nine letters and digits. */
    private String id(String id) {
        if (traits.format().family() != Family.MISTRAL || id.matches("[A-Za-z0-9]{9}")) {
            return id;
        }
        long hash = 0;
        for (int i = 0; i < id.length(); i++) {
            hash = hash * 1_000_003 + id.charAt(i);
        }
        var digits = "00000000" + Long.toUnsignedString(hash, 36);
        return digits.substring(digits.length() - 9);
    }

    /** A result goes right behind its own call, where an answer with several calls was taken apart. */
    private void insertResult(Map<String, @Nullable Object> result) {
        int place = shaped.size();
        if (!traits.parallelCalls()) {
            for (int i = shaped.size() - 1; i >= 0; i--) {
                var role = shaped.get(i).get("role");
                if ("assistant".equals(role) && asks(shaped.get(i), result.get("tool_call_id"))) {
                    place = i + 1;
                    break;
                } else if (!"assistant".equals(role) && !"tool".equals(role)) {
                    break;
                }
            }
        }
        shaped.add(place, result);
    }

    private static boolean asks(Map<String, @Nullable Object> answer, @Nullable Object id) {
        return answer.get("tool_calls") instanceof List<?> calls
                && calls.stream()
                        .anyMatch(call -> call instanceof Map<?, ?> map && String.valueOf(id)
                                .equals(String.valueOf(map.get("id"))));
    }

    /** Tells the tools in the message of the system where the template does not: DeepSeek's knows calls but no tools. */
    private void describe(List<? extends Map<String, ? extends @Nullable Object>> tools) {
        var schemas = SCHEMAS.render(Map.of(), Map.of("tools", tools), InstantSource.fixed(Instant.EPOCH))
                .stream()
                .map(Segment::text)
                .collect(Collectors.joining());
        var system = system();
        if (traits.toolsInSystem()) {
            system.put("tools", "[" + schemas.strip().replace("\n", ", ") + "]");
            return;
        }
        var format = traits.format();
        var example = format.opening("NAME").stream().map(Segment::text).collect(Collectors.joining());
        var said = String.valueOf(system.get("content"));
        system.put("content", String.format(Locale.ROOT,
                """
                %s# Tools

                You may call functions to help with the user's request. These are the functions, as JSON:
                %s
                To call one, write its name and its arguments as a JSON object in exactly this way:
                %s{"argument": "value"}%s""", said.isBlank() ? "" : said + "\n\n", schemas, example, format.closing()));
    }

    /** The first message, made if it is not the system's. */
    private Map<String, @Nullable Object> system() {
        if (shaped.isEmpty() || !"system".equals(shaped.getFirst().get("role"))) {
            var system = new LinkedHashMap<String, @Nullable Object>();
            system.put("role", "system");
            system.put("content", "");
            shaped.addFirst(system);
        }
        return shaped.getFirst();
    }

    /** Puts what the system says in front of the next user's words, as Gemma's makers advise. */
    private void mergeSystem() {
        var said = new StringBuilder();
        for (int i = 0; i < shaped.size(); i++) {
            var message = shaped.get(i);
            if ("system".equals(message.get("role")) && message.get("content") instanceof String text) {
                said.append(text).append("\n\n");
                shaped.remove(i--);
            } else if ("user".equals(message.get("role")) && message.get("content") instanceof String text
                    && !said.isEmpty()) {
                message.put("content", said + text);
                said.setLength(0);
            }
        }
        if (!said.isEmpty()) {
            var rest = new LinkedHashMap<String, @Nullable Object>();
            rest.put("role", "user");
            rest.put("content", said.toString().strip());
            shaped.add(rest);
        }
    }
}
