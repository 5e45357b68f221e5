package dev.pareto.evals.grade.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.evals.grade.Grade;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonGradersTest {

    private static final JsonNode SCHEMA = json(
            """
            {"type": "object", "required": ["intent"], "additionalProperties": false,
             "properties": {"intent": {"enum": ["refund", "other"]}, "amount": {"$ref": "#/$defs/money"}},
             "$defs": {"money": {"type": "number", "minimum": 0}}}""");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"{\"intent\": \"refund\", \"amount\": 3} | true",
            "{\"intent\": \"refund\", \"amount\": -3} | false", "{\"intent\": \"joke\"} | false",
            "{\"intent\": \"other\", \"more\": 1} | false", "{\"amount\": 3} | false", "not json | false"})
    void followsTheSchemaOrIsAFormatFailure(String answer, boolean right) {
        Grade grade = new JsonSchemaMatch(SCHEMA, false).grade(answer, null);
        assertThat(grade).extracting(Grade::pass, Grade::formatFailure).containsExactly(right, !right);
    }

    @Test
    void schemasFetchNothing() {
        assertThatThrownBy(() -> new JsonSchemaMatch(json("{\"$ref\": \"https://example.com/s.json\"}"), false))
                .hasMessageContaining("must stay within the schema");
        assertThatThrownBy(() -> new JsonSchemaMatch(json("[]"), false)).hasMessageContaining("a schema is an object");
    }

    @Test
    void aPathIsHeldAgainstTheKeyOrItsPartThere() {
        JsonPathMatch grader = new JsonPathMatch(JsonPath.parse("$.items[1].sku"), true);
        String answer = "Here: {\"items\": [{\"sku\": \"a\"}, {\"sku\": \" B \"}]}";
        assertThat(grader.grade(answer, json("\"b\"")).pass()).isTrue();
        assertThat(grader.grade(answer, json("{\"items\": [1, {\"sku\": \"b\"}]}")).pass()).isTrue();
        assertThat(grader.grade(answer, json("\"c\"")).pass()).isFalse();
        assertThat(grader.grade("{}", json("\"b\"")).formatFailure()).isTrue();
        assertThat(grader.problemWith(json("{\"items\": []}"))).contains("$.items[1].sku");
    }

    @Test
    void aDiffIsTheShareOfEqualLeaves() {
        JsonDiff grader = new JsonDiff(1, false);
        JsonNode key = json("{\"a\": 1, \"b\": {\"c\": [1, 2]}, \"d\": null}");
        assertThat(grader.grade("{\"b\": {\"c\": [1.0, 2]}, \"a\": \"1\"}", key).score()).isEqualTo(1.0);
        assertThat(grader.grade("{\"a\": 1, \"b\": {\"c\": [1, 3]}, \"e\": 5}", key).score()).isEqualTo(0.6);
        assertThat(grader.grade("oops", key).formatFailure()).isTrue();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
