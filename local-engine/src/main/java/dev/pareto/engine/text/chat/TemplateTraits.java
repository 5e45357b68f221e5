package dev.pareto.engine.text.chat;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.chat.answer.AnswerFormat;
import dev.pareto.engine.text.template.Bounds;
import dev.pareto.engine.text.template.Template;
import dev.pareto.engine.text.template.TemplateException;

/**
 * What a chat template knows and how it wants messages, found out by rendering small conversations with it (as minja does
 * for llama.cpp). A template that fails a trial does not have the trait.
 *
 * @param format how the model writes its answers
 * @param describesTools whether the variable {@code tools} gets into the prompt
 * @param toolsInSystem whether a field {@code tools} of the system message does, as with Phi-4-mini
 * @param calls whether calls of earlier answers get into the prompt
 * @param objectArguments whether it wants their arguments as data rather than as text
 * @param nullContent whether it wants null for the content of an answer that only calls
 * @param parallelCalls whether one answer may hold several calls
 * @param systemRole whether messages of the system get into the prompt; true where not even a user's do
 * @param switches the variables for reasoning that its text names: {@code enable_thinking}, {@code thinking},
 *            {@code reasoning_effort}
 * @param thinkingField whether messages bring earlier reasoning in a field {@code thinking}
 */
public record TemplateTraits(AnswerFormat format, boolean describesTools, boolean toolsInSystem, boolean calls,
        boolean objectArguments, boolean nullContent, boolean parallelCalls, boolean systemRole, Set<String> switches,
        boolean thinkingField) {

    private static final Bounds TRIAL = new Bounds(256 * 1024, 150, 400_000, 50_000, 1 << 20);
    private static final InstantSource THEN = InstantSource.fixed(Instant.EPOCH);

    private static final Map<String, Object> USER = Map.of("role", "user", "content", "trial-question");
    private static final List<Map<String, Object>> TOOLS = List.of(Map.of("type", "function", "function",
            Map.of("name", "trial_tool", "description", "trial", "parameters", Map.of("type", "object", "properties",
                    Map.of("trial_key", Map.of("type", "string", "description", "trial")), "required",
                    List.of("trial_key")))));

    public TemplateTraits {
        requireNonNull(format, "format is null");
        switches = Set.copyOf(switches);
    }

    /** Whether tools can be offered at all. */
    public boolean tools() {
        return describesTools || toolsInSystem || calls;
    }

    /** Tries a template out. */
    static TemplateTraits of(String source, Map<String, String> tokens) {
        var trials = new Trials(source, tokens);
        boolean describes = trials.shows(List.of(USER), TOOLS, "trial_tool");
        boolean inSystem = !describes && trials.shows(
                List.of(Map.of("role", "system", "content", "x", "tools", "trial_tool"), USER), List.of(),
                "trial_tool");
        boolean object = trials.call(Map.of("trial_key", "trial-value"), "") || trials.call(Map.of("trial_key",
                "trial-value"), null);
        Object arguments = object ? Map.of("trial_key", "trial-value") : "{\"trial_key\": \"trial-value\"}";
        boolean empty = trials.call(arguments, "");
        boolean none = !empty && trials.call(arguments, null);
        return new TemplateTraits(AnswerFormat.of(source), describes, inSystem, empty || none, object, none,
                (empty || none) && trials.twoCalls(arguments, none ? null : ""),
                trials.shows(List.of(Map.of("role", "system", "content", "trial-system"), USER), List.of(),
                        "trial-system") || !trials.shows(List.of(USER), List.of(), "trial-question"),
                Stream.of("enable_thinking", "thinking", "reasoning_effort")
                        .filter(name -> source.matches("(?s).*(?<![\\w.'\"])" + name + "(?![\\w'\"]).*"))
                        .collect(Collectors.toSet()),
                source.contains("message.thinking") || source.contains("message['thinking']"));
    }

    /** Small conversations, rendered with narrow bounds. */
    private record Trials(String source, Map<String, String> tokens) {

        boolean shows(List<? extends Map<String, ? extends @Nullable Object>> messages,
                List<? extends Map<String, ?>> tools, String... words) {
            var variables = new HashMap<String, @Nullable Object>();
            variables.put("messages", messages);
            variables.put("tools", tools.isEmpty() ? null : tools);
            variables.put("add_generation_prompt", true);
            try {
                var text = Template.parse(source, TRIAL)
                        .render(tokens, variables, THEN)
                        .stream()
                        .map(Segment::text)
                        .collect(Collectors.joining());
                return Stream.of(words).allMatch(text::contains) && !text.contains("'trial_key'");
            } catch (TemplateException e) {
                return false;
            }
        }

        boolean call(Object arguments, @Nullable String content) {
            return shows(List.of(USER, answer(content, List.of(one("trial_call", "trialId01", arguments))),
                    result("trialId01")), TOOLS, "trial_call", "trial_key", "trial-value");
        }

        boolean twoCalls(Object arguments, @Nullable String content) {
            return shows(List.of(USER, answer(content, List.of(one("trial_call", "trialId01", arguments),
                    one("trial_other", "trialId02", arguments))), result("trialId01"), result("trialId02")), TOOLS,
                    "trial_call", "trial_other");
        }

        private static Map<String, @Nullable Object> answer(@Nullable String content, List<?> calls) {
            var answer = new HashMap<String, @Nullable Object>();
            answer.put("role", "assistant");
            answer.put("content", content);
            answer.put("tool_calls", calls);
            return answer;
        }

        private static Map<String, Object> one(String name, String id, Object arguments) {
            return Map.of("id", id, "type", "function", "function", Map.of("name", name, "arguments", arguments));
        }

        private static Map<String, Object> result(String id) {
            return Map.of("role", "tool", "tool_call_id", id, "name", "trial_call", "content", "trial-result");
        }
    }
}
