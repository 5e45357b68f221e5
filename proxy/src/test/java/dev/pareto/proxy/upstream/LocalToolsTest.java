package dev.pareto.proxy.upstream;

import static dev.pareto.proxy.upstream.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.TemplateTraits;
import dev.pareto.engine.text.chat.answer.AnswerFormat;
import dev.pareto.proxy.dialect.openai.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tools, tool choices and reasoning effort as a chat's request has them. */
final class LocalToolsTest {

    private static final String TOOL = "{'type':'function','function':{'name':'f','description':'d','parameters':"
            + "{'type':'object','properties':{'x':{'$ref':'#/$defs/n'}},'$defs':{'n':{'type':'integer'}}}}}";
    private static final String OTHER = "{'type':'function','function':{'name':'g'}}";

    private static LocalFields fields(String fields) {
        return LocalFields.of(("{" + fields.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static LocalTools tools(String fields) {
        return LocalTools.read(fields(fields));
    }

    private static TemplateTraits traits(boolean tools, String... switches) {
        return new TemplateTraits(AnswerFormat.of("<tool_call>"), tools, false, tools, true, false, true, true,
                Set.of(switches), false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'tools': [{}] | missing_required_parameter | tools[0].type | Missing",
            "'tools': [{'type': 'custom'}] | invalid_value | tools[0].type | 'function'",
            "'tools': [{'type': 'function'}] | missing_required_parameter | tools[0].function | Missing",
            "'tools': [{'type': 'function', 'function': 5}] | invalid_type | tools[0].function | an object",
            "'tools': [{'type': 'function', 'function': {}}] | missing_required_parameter | tools[0].function.name | Missing",
            "'tools': [{'type': 'function', 'function': {'name': 'a b'}}] | invalid_value | tools[0].function.name | letters",
            "'tools': [{'type': 'function', 'function': {'name': 'f', 'x': 1}}] | unknown_parameter | tools[0].function.x | Unknown",
            "'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': 5}}] | invalid_function_parameters | tools[0].function.parameters | object",
            "'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': {'type': 'string'}}}] | invalid_function_parameters | tools[0].function.parameters | object",
            "'tool_choice': 'required' | invalid_value | tool_choice | only allowed when 'tools' are specified",
            "'tool_choice': 'maybe' | invalid_value | tool_choice | Supported values are: 'none'",
            "'parallel_tool_calls': 5 | invalid_type | parallel_tool_calls | a boolean"})
    void aWrongToolIsRefusedByItsPlace(String field, String code, String param, String words) {
        refused(() -> tools(field), code, param, words);
    }

    @Test
    void twoToolsOfOneNameAndAChoiceOfNoneAreRefused() {
        refused(() -> tools("'tools': [" + OTHER + "," + OTHER + "]"), "invalid_value", "tools[1].function.name",
                "two tools have the name 'g'");
        refused(() -> tools("'tools': [" + TOOL + "], 'tool_choice': {'type': 'function', 'function': {'name': 'h'}}"),
                "invalid_value", "tool_choice", "the function 'h' is none of the tools");
    }

    @Test
    void toolsKeepTheirOrderAndShape() {
        LocalTools tools = tools("'tools': [" + TOOL + "," + OTHER + "]");

        assertThat(Json.mapper().writeValueAsString(tools.offered())).isEqualTo(("[" + TOOL
                + ",{'type':'function','function':{'name':'g','description':'','parameters':{'type':'object','properties':{}}}}]")
                .replace('\'', '"'));
        assertThat(tools.schemas()).containsOnlyKeys("f", "g");
        assertThat(tools.forced()).isNull();
        assertThat(tools.parallel()).isTrue();
        assertThat(tools.grammar(AnswerFormat.of(""))).isNull();
    }

    @Test
    void aChoiceSaysWhetherTheAnswerIsACall() {
        var two = "'tools': [" + TOOL + "," + OTHER + "],";

        assertThat(tools(two + "'tool_choice': 'none'").offered()).isEmpty();
        assertThat(tools(two + "'tool_choice': 'auto'").forced()).isNull();
        assertThat(tools(two + "'tool_choice': 'required'").forced()).isEqualTo(new ForcedCall(null));
        assertThat(tools("'tools': [" + TOOL + "],'tool_choice': 'required'").forced()).isEqualTo(new ForcedCall("f"));
        assertThat(tools(two + "'tool_choice': {'type': 'function', 'function': {'name': 'g'}}").forced())
                .isEqualTo(new ForcedCall("g"));
        assertThat(tools(two + "'parallel_tool_calls': false").parallel()).isFalse();
    }

    @Test
    void aForcedCallFollowsTheSchemasOfItsTools() {
        var grammars = new Grammars(1);
        LocalFormat one = tools(
                "'tools': [" + OTHER + "," + TOOL + "],'tool_choice': {'type': 'function', 'function': {'name': 'f'}}")
                .grammar(AnswerFormat.of("<tool_call>"));
        LocalFormat any = tools("'tools': [" + OTHER + "," + TOOL + "],'tool_choice': 'required'")
                .grammar(AnswerFormat.of("<|python_tag|>"));

        assertThat(one).isNotNull().extracting(LocalFormat::param).isEqualTo("tools[1].function.parameters");
        assertThat(any).isNotNull();
        if (one != null && any != null) {
            assertThat(one.source().text()).startsWith("{\"type\":\"object\"").contains("\"#/$defs/n\"");
            assertThat(any.source().text()).contains("\"const\":\"f\"", "\"parameters\":{\"type\":\"object\"",
                    "\"#/anyOf/1/properties/parameters/$defs/n\"");
            assertThat(one.compile(grammars)).isNotEqualTo(any.compile(grammars));
        }
    }

    @Test
    void aTemplateThatKnowsNoToolsRefusesThemByName() {
        LocalTools tools = tools("'tools': [" + TOOL + "]");
        LocalTools none = tools("");

        refused(() -> tools.requireKnown(traits(false), List.of()), "unsupported_parameter", "tools",
                "its chat template knows no tools");
        refused(() -> none.requireKnown(traits(false), List.of(Map.of("role", "user"), Map.of("role", "tool"))),
                "unsupported_parameter", "messages[1].role", "knows no tools");
        refused(() -> none.requireKnown(traits(false), List.of(Map.of("role", "assistant", "tool_calls", List.of()))),
                "unsupported_parameter", "messages[0].tool_calls", "knows no tools");
        tools.requireKnown(traits(true), List.of(Map.of("role", "tool")));
        none.requireKnown(traits(false), List.of(Map.of("role", "user")));
    }

    @Test
    void effortIsToldByTheSwitchesThatATemplateHas() {
        var high = LocalReasoning.read(fields("'reasoning_effort': 'xhigh'"));
        var none = LocalReasoning.read(fields("'reasoning_effort': 'none'"));

        assertThat(high.variables(traits(true, "reasoning_effort"))).isEqualTo(Map.of("reasoning_effort", "high"));
        assertThat(high.variables(traits(true, "enable_thinking"))).isEqualTo(Map.of("enable_thinking", true));
        assertThat(none.variables(traits(true, "enable_thinking", "reasoning_effort")))
                .isEqualTo(Map.of("enable_thinking", false, "reasoning_effort", "low"));
        assertThat(none.variables(traits(true))).isEmpty();
        refused(() -> high.variables(traits(true)), "unsupported_parameter", "reasoning_effort", "how much to think");
        refused(() -> LocalReasoning.read(fields("'reasoning_effort': 'much'")), "invalid_value", "reasoning_effort",
                "'minimal'");
    }

    @Test
    void variablesOfTheTemplateArePlainValues() {
        var given = LocalReasoning.read(
                fields("'chat_template_kwargs': {'enable_thinking': false, 'level': 2, 'mode': 'x', 'nothing': null}"));

        assertThat(given.variables(traits(true, "enable_thinking")))
                .isEqualTo(Map.of("enable_thinking", false, "level", 2, "mode", "x"));
        refused(() -> LocalReasoning.read(fields("'chat_template_kwargs': {'x': []}")), "invalid_type",
                "chat_template_kwargs.x", "a boolean, number or string");
        refused(() -> LocalReasoning.read(fields("'chat_template_kwargs': 5")), "invalid_type", "chat_template_kwargs",
                "an object");
    }
}
