package dev.pareto.evals.grade.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Submission;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ToolCallMatchTest {

    private static final JsonNode FUNCTIONS = json(
            """
            [{"name": "geo.distance", "parameters": {"type": "dict", "required": ["from", "to"], "properties": {
                "from": {"type": "string"}, "to": {"type": "string"}, "unit": {"type": "string"},
                "precision": {"type": "integer"}, "scale": {"type": "float"}, "via": {"type": "array"},
                "options": {"type": "dict"}}}}]""");
    private static final JsonNode KEY = json(
            """
            [{"geo.distance": {"from": ["New York", "NYC"], "to": ["Boston, MA"], "unit": ["km", ""], "precision": [2, ""],
              "scale": [1.0, ""], "via": [["Hartford", "Providence"], ""], "options": [{"mode": ["car"], "tolls": [true, ""]}, ""]}}]""");

    @ParameterizedTest
    @ValueSource(strings = {"[geo.distance(from='new york', to='Boston MA')]",
            "[{\"geo_distance\": {\"from\": \"NYC\", \"to\": \"Boston, MA\", \"unit\": \"KM\"}}]",
            "[{\"geo_distance\": \"{\\\"from\\\": \\\"NYC\\\", \\\"to\\\": \\\"Boston, MA\\\"}\"}]",
            "{\"name\": \"geo.distance\", \"arguments\": {\"from\": \"NYC\", \"to\": \"Boston, MA\", \"scale\": 1}}",
            "<tool_call>{\"name\": \"geo.distance\", \"arguments\": {\"from\": \"NYC\", \"to\": \"Boston, MA\", \"precision\": 2}}</tool_call>",
            "```python\ngeo.distance(from=\"NYC\", to=\"Boston, MA\", via=['hartford', \"Providence\"])\n```",
            "<function=geo.distance>{\"from\": \"NYC\", \"to\": \"Boston, MA\"}</function>",
            "geo.distance(from='NYC', to='Boston, MA', options={'mode': 'car'})",
            "[geo.distance(from='NYC', to='Boston, MA', options={'mode': 'CAR', 'tolls': True})]"})
    void aRightCallIsRightInEveryDialect(String answer) {
        assertThat(grade(answer, KEY)).extracting(Grade::pass, Grade::reason).containsExactly(true, "as expected");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "geo.route(from='NYC', to='Boston, MA') | expected a call of geo.distance",
            "geo.distance(from='NYC') | argument 'to' is missing",
            "geo.distance(from='NYC', to='Chicago') | argument 'to'",
            "geo.distance(from='NYC', to='Boston, MA', mood='x') | unknown argument 'mood'",
            "geo.distance(from='NYC', to='Boston, MA', precision=2.5) | expected integer",
            "geo.distance(from='NYC', to='Boston, MA', precision='2') | expected integer",
            "geo.distance(from='NYC', to='Boston, MA', precision=True) | expected integer",
            "geo.distance(from='NYC', to='Boston, MA', via=['Providence', 'Hartford']) | argument 'via'",
            "geo.distance(from='NYC', to='Boston, MA', options={'mode': 'bus'}) | argument 'options'",
            "geo.distance(from='NYC', to='Boston, MA', options={}) | argument 'options'",
            "[geo.distance(from='NYC', to='Boston, MA'), geo.distance(from='NYC', to='Boston, MA')] | expected 1 calls, got 2"})
    void aWrongCallIsWrongForItsReason(String answer, String reason) {
        Grade grade = grade(answer, KEY);
        assertThat(grade).extracting(Grade::pass, Grade::formatFailure).containsExactly(false, false);
        assertThat(grade.reason()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"I would look it up.", "geo.distance(", "[]", "", "{\"a\": 1}", "f('positional')"})
    void noCallIsAFormatFailure(String answer) {
        assertThat(grade(answer, KEY).formatFailure()).isTrue();
        assertThat(new NoToolCall().grade(answer, null).pass()).isTrue();
    }

    @Test
    void parallelCallsMayComeInAnyOrderAndAlternativesMayOverlap() {
        JsonNode key = json("[{\"f\": {\"a\": [1, 2]}}, {\"f\": {\"a\": [1]}}]");
        ToolCallMatch any = new ToolCallMatch(List.of(), false);
        assertThat(any.grade("[f(a=1), f(a=2)]", key).pass()).isTrue();
        assertThat(any.grade("[f(a=2), f(a=1)]", key).pass()).isTrue();
        assertThat(any.grade("[f(a=2), f(a=2)]", key).pass()).isFalse();
        assertThat(new ToolCallMatch(List.of(), true).grade("[f(a=1), f(a=2)]", key).pass()).isFalse();
    }

    @Test
    void theChannelForCallsIsReadBeforeTheText() {
        JsonNode channel = json(
                """
                [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{\\"a\\": 1}"}}]""");
        Submission submission = new Submission("", json("{\"name\": \"f\", \"arguments\": {\"a\": 1}}"), List.of(),
                channel,
                "tool_calls", null, null, null);
        assertThat(new ToolCallMatch(List.of(), false).grade(submission).pass()).isTrue();
        assertThat(new NoToolCall().grade(submission).pass()).isFalse();
    }

    @Test
    void plainKeysNameTheirOptionalArguments() {
        JsonNode key = json(
                "{\"name\": \"f\", \"arguments\": {\"a\": {\"x\": 1}, \"b\": \"Two\"}, \"optional\": [\"b\"]}");
        ToolCallMatch grader = new ToolCallMatch(List.of(), false);
        assertThat(grader.grade("f(a={'x': 1})", key).pass()).isTrue();
        assertThat(grader.grade("f(a={'x': 1}, b='two')", key).pass()).isTrue();
        assertThat(grader.grade("f(a={'x': 2})", key).pass()).isFalse();
        assertThat(grader.grade("f(b='two')", key).pass()).isFalse();
    }

    @Test
    void aKeyOfAnotherShapeIsRefusedBeforeTheRun() {
        ToolCallMatch grader = new ToolCallMatch(List.of(), false);
        assertThat(grader.problemWith(json("\"f(a=1)\""))).contains("a call is an object");
        assertThat(grader.problemWith(json("{\"f\": {\"a\": 1}}"))).contains("must list the values");
        assertThat(grader.problemWith(null)).contains("needs calls");
        assertThat(grader.problemWith(KEY)).isNull();
    }

    @Test
    void deepNestingEndsInsteadOfOverflowing() {
        assertThat(grade("f(a=" + "[".repeat(100_000) + ")", KEY).formatFailure()).isTrue();
    }

    private static Grade grade(String answer, JsonNode key) {
        return new ToolCallMatch(ToolDefinition.read(FUNCTIONS), false).grade(answer, key);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
