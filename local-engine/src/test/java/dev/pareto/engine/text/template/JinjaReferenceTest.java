package dev.pareto.engine.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every snippet and template gives what Jinja itself gives, and fails where Jinja fails. */
final class JinjaReferenceTest {

    static Stream<Arguments> snippets() {
        var sources = References.list("snippets.json");
        var expected = References.list("snippets.expected.json");
        assertThat(expected).hasSameSizeAs(sources).hasSizeGreaterThan(150);
        var cases = new ArrayList<Arguments>();
        for (int i = 0; i < sources.size(); i++) {
            cases.add(Arguments.of(sources.get(i), expected.get(i)));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void rendersASnippetAsJinjaDoes(String source, Map<String, String> expected) {
        check(source, expected, Map.of(), References.map("context.json"));
    }

    static Stream<Arguments> templates() {
        var cases = new ArrayList<Arguments>();
        References.map("templates.expected.json").forEach((template, results) -> {
            if (results instanceof Map<?, ?> map) {
                map.forEach((conversation, expected) -> cases.add(Arguments.of(template, conversation, expected)));
            }
        });
        assertThat(cases).hasSizeGreaterThan(90);
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("templates")
    @SuppressWarnings("unchecked")
    void rendersAConversationAsJinjaDoes(String template, String conversation, Map<String, String> expected) {
        var variables = (Map<String, Object>) References.map("conversations.json").get(conversation);
        assertThat(variables).isNotNull();
        check(References.resource("templates/" + template + ".jinja"), expected,
                Map.of("bos_token", "<s>", "eos_token", "</s>"), variables == null ? Map.of() : variables);
    }

    private static void check(String source, Map<String, String> expected, Map<String, Object> own,
            Map<String, ?> variables) {
        if (expected.containsKey("error")) {
            assertThatThrownBy(
                    () -> Template.parse(source, Bounds.DEFAULT).render(own, variables, References.CLOCK))
                    .isInstanceOf(TemplateException.class);
        } else {
            var text = References.text(Template.parse(source, Bounds.DEFAULT).render(own, variables, References.CLOCK));
            assertThat(text).isEqualTo(expected.get("text"));
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    @SuppressWarnings("unchecked")
    void everyCharacterOfARequestStaysForeign(String template, String conversation, Map<String, String> expected) {
        if (expected.containsKey("error")) {
            return;
        }
        var variables = (Map<String, Object>) References.map("conversations.json").get(conversation);
        var segments = Template.parse(References.resource("templates/" + template + ".jinja"), Bounds.DEFAULT)
                .render(Map.of("bos_token", "<s>", "eos_token", "</s>"), variables == null ? Map.of() : variables,
                        References.CLOCK);
        for (var words : List.of("Hello!", "Be brief.", "How are you", "Köln", "21.5 degrees", "get_weather")) {
            assertThat(segments).filteredOn(segment -> segment.trusted())
                    .noneMatch(segment -> segment.text().contains(words));
        }
    }
}
