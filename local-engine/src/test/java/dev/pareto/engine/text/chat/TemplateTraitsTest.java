package dev.pareto.engine.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.chat.answer.AnswerFormat.Family;
import dev.pareto.engine.text.template.Bounds;
import dev.pareto.engine.text.template.Template;

/** What the templates of the families know, and that conversations with tools reach them in the shape they want. */
final class TemplateTraitsTest {

    private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T09:05:07Z"));

    private static final Map<String, Object> SYSTEM = Map.of("role", "system", "content", "Be brief.");
    private static final Map<String, Object> USER = Map.of("role", "user", "content", "Weather?");
    private static final List<Map<String, Object>> TOOLS = List.of(Map.of("type", "function", "function",
            Map.of("name", "get_weather", "description", "Tells the weather", "parameters",
                    Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string"))))));

    private static String source(String name) {
        try (var in = Template.class.getResourceAsStream("templates/" + name + ".jinja")) {
            if (in == null) {
                throw new IllegalStateException("no template " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    private static String render(String source, Map<String, ? extends @Nullable Object>... messages) {
        var traits = TemplateTraits.of(source, TOKENS);
        var variables = new HashMap<String, @Nullable Object>();
        variables.put("messages", MessageShapes.of(traits, List.of(messages), TOOLS));
        variables.put("tools", traits.describesTools() ? TOOLS : null);
        variables.put("add_generation_prompt", true);
        return Template.parse(source, Bounds.DEFAULT)
                .render(TOKENS, variables, CLOCK)
                .stream()
                .map(Segment::text)
                .collect(Collectors.joining());
    }

    private static Map<String, @Nullable Object> calls(String... ids) {
        var message = new HashMap<String, @Nullable Object>();
        message.put("role", "assistant");
        message.put("content", null);
        message.put("tool_calls", List.of(ids)
                .stream()
                .map(id -> Map.of("id", id, "type", "function", "function",
                        Map.of("name", "get_weather", "arguments", "{\"city\":\"" + id + "\",\"days\":[1,2.5,null]}")))
                .toList());
        return message;
    }

    private static Map<String, Object> result(String id) {
        return Map.of("role", "tool", "tool_call_id", id, "content", "result of " + id);
    }

    @ParameterizedTest
    @CsvSource({"qwen25,HERMES,true,true,true", "qwen3,HERMES,true,true,true", "llama31,LLAMA3,true,true,false",
            "mistral,MISTRAL,true,true,true", "harmony,HARMONY,true,true,false",
            "deepseek-r1,DEEPSEEK,false,true,false", "chatml,GENERIC,false,false,false",
            "llama3,GENERIC,false,false,false", "phi3,GENERIC,false,false,false", "gemma,GENERIC,false,false,false"})
    void aTemplateShowsWhatItKnows(String name, Family family, boolean describes, boolean calls, boolean parallel) {
        var traits = TemplateTraits.of(source(name), TOKENS);

        assertThat(traits.format().family()).isEqualTo(family);
        assertThat(traits.describesTools()).isEqualTo(describes);
        assertThat(traits.calls()).isEqualTo(calls);
        assertThat(traits.parallelCalls()).isEqualTo(parallel);
        assertThat(traits.tools()).isEqualTo(describes || calls);
    }

    @Test
    void switchesForReasoningAreFound() {
        assertThat(TemplateTraits.of(source("qwen3"), TOKENS).switches()).containsExactly("enable_thinking");
        assertThat(TemplateTraits.of(source("harmony"), TOKENS).switches()).contains("reasoning_effort");
        assertThat(TemplateTraits.of(source("qwen25"), TOKENS).switches()).isEmpty();
    }

    @Test
    void argumentsAreGivenAsDataToThoseWhoWantData() {
        assertThat(render(source("qwen3"), USER, calls("Bonn"), result("Bonn")))
                .contains("\"arguments\": {\"city\": \"Bonn\", \"days\": [1, 2.5, null]}")
                .contains("<tool_response>\nresult of Bonn\n</tool_response>");
    }

    @Test
    void severalCallsGoOneByOneToATemplateThatKnowsOnlyOne() {
        var text = render(source("llama31"), USER, calls("Bonn", "Ulm"), result("Bonn"), result("Ulm"));

        assertThat(text).containsSubsequence("{\"name\": \"get_weather\", ", "\"Bonn\"", "<|eot_id|>",
                "result of Bonn", "{\"name\": \"get_weather\", ", "\"Ulm\"", "<|eot_id|>", "result of Ulm");
    }

    @Test
    void mistralGetsIdsOfNineCharacters() {
        var text = render(source("mistral"), USER, calls("call_0123456789abcdef"), result("call_0123456789abcdef"));
        var id = text.replaceAll("(?s).*\"id\": \"([^\"]*)\".*", "$1");

        assertThat(id).matches("[0-9a-z]{9}");
        assertThat(text).contains("\"call_id\": \"" + id + "\"");
    }

    @Test
    void toolsAreToldInTheSystemsWordsWhereTheTemplateKnowsCallsOnly() {
        var text = render(source("deepseek-r1"), SYSTEM, USER);

        assertThat(text).contains("Be brief.\n\n# Tools")
                .contains("\"type\": \"function\"", "\"name\": \"get_weather\"")
                .contains("<｜tool▁sep｜>NAME\n```json\n{\"argument\": \"value\"}\n```<｜tool▁call▁end｜>");
        assertThat(render(source("chatml"), USER)).doesNotContain("get_weather");
    }

    @Test
    void theSystemSpeaksThroughTheUserWhereTheTemplateKnowsNoSystem() {
        var text = render(
                """
                {%- for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}
                [{{ m.role }}]{{ m.content }}{% endfor %}""", SYSTEM, USER);

        assertThat(text.strip()).isEqualTo("[user]Be brief.\n\nWeather?");
    }

    @Test
    void toolsStandInTheSystemsMessageWhereTheTemplateLooksThere() {
        var text = render(
                """
                {%- for m in messages %}<|{{ m.role }}|>{{ m.content }}\
                {% if m.role == 'system' and 'tools' in m %}<|tool|>{{ m['tools'] }}<|/tool|>{% endif %}<|end|>{% endfor %}""",
                USER);

        assertThat(text).startsWith("<|system|><|tool|>[{\"")
                .contains("\"name\": \"get_weather\"")
                .endsWith("<|user|>Weather?<|end|>");
    }

    @Test
    void nullContentIsKeptForTemplatesThatLookForIt() {
        var template = """
                       {%- for m in messages %}{% if m.role == 'assistant' and m.content is none %}\
                       {% for c in m.tool_calls %}<call>{{ c.function.name + c.function.arguments }}{% endfor %}\
                       {% else %}{{ m.content }}{% endif %}{% endfor %}""";

        assertThat(TemplateTraits.of(template, TOKENS).nullContent()).isTrue();
        assertThat(render(template, USER, calls("Bonn"))).contains("<call>get_weather{\"city\":\"Bonn\"");
    }

    @Test
    void aTemplateWithoutEndIsTriedOutWithinBounds() {
        var traits = TemplateTraits.of("{% for a in range(49999) %}{% for b in range(49999) %}{% endfor %}{% endfor %}",
                TOKENS);

        assertThat(traits.tools()).isFalse();
    }
}
