package dev.pareto.evals.grade;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.json.JsonFields;
import dev.pareto.evals.grade.json.JsonPath;
import dev.pareto.evals.grade.json.JsonValid;
import dev.pareto.evals.grade.number.NumberMatch;
import dev.pareto.evals.grade.text.Contains;
import dev.pareto.evals.grade.text.LabelMatch;
import dev.pareto.evals.grade.text.PatternMatch;
import dev.pareto.evals.grade.text.TextMatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class GraderTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "EXACT | Paris | ' Paris\n' | true", "EXACT | Paris | paris | false",
            "IEXACT | New York | new   YORK | true",
            "IEXACT | Paris | Paris. | false", "NORMALIZED | New York | «new-york!» | true",
            "NORMALIZED | New York | Newark | false", "STARTS_WITH | Yes | Yes, because | true",
            "STARTS_WITH | Yes | Oh yes | false", "NORMALIZED | café | CAFÉ | true"})
    void comparesTextsByRule(TextMatch.Rule rule, String key, String answer, boolean right) {
        assertThat(new TextMatch(rule).grade(answer, json(key)).pass()).isEqualTo(right);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"42 | The answer is 42. | true", "1234.5 | so $1,234.50 in all | true",
            "-3 | it is −3 degrees | true", "7 | first 7, then 8 | false", "8 | first 7, then 8 | true",
            "450 | 36 + 14 = 50; 50 * 9 = 450 | true", "12 | #### 12 | true", "5 | 5/10 | false",
            "0.5 | about 0.50 | true"})
    void takesTheLastNumber(String key, String answer, boolean right) {
        assertThat(new NumberMatch(BigDecimal.ZERO).grade(answer, json(key)).pass()).isEqualTo(right);
    }

    @Test
    void numberHasATolerance() {
        NumberMatch grader = new NumberMatch(new BigDecimal("0.01"));
        assertThat(grader.grade("3.14", json("3.1416")).pass()).isTrue();
        assertThat(grader.grade("3.12", json("3.1416")).pass()).isFalse();
        assertThat(grader.grade("no idea", json("3"))).extracting(Grade::score, Grade::formatFailure)
                .containsExactly(0.0, true);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"card_arrival | card_arrival | true | false",
            "card_arrival | Card arrival. | true | false", "card_arrival | `card-arrival` | true | false",
            "card_arrival | top_up | false | false", "card_arrival | It is card_arrival | false | true",
            "card_arrival | '' | false | true"})
    void labelMustBeOneOfTheSet(String key, String answer, boolean right, boolean formatFailure) {
        Grade grade = new LabelMatch(Set.of("card_arrival", "top_up"), null).grade(answer, json(key));
        assertThat(grade).extracting(Grade::pass, Grade::formatFailure).containsExactly(right, formatFailure);
    }

    @Test
    void labelIsFoundAtItsPath() {
        LabelMatch grader = new LabelMatch(Set.of("refund"), JsonPath.parse("$.result.intent"));
        assertThat(grader.grade("{\"result\":{\"intent\":\"Refund\"}}", json("refund")).pass()).isTrue();
        assertThat(grader.grade("refund", json("refund")).formatFailure()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{\"b\":\"Ann@X.com\",\"a\":12.5} | true | false",
            "{\"a\":\"12.50\",\"b\":\" ann@x.com \",\"c\":9} | true | false",
            "{\"a\":12.6,\"b\":\"ann@x.com\"} | false | false", "{\"a\":12.5} | false | false",
            "```json {\"a\":12.5,\"b\":\"ann@x.com\"} ``` | false | true", "sorry | false | true", "[1] | false | true",
            "{\"a\":12.5,\"b\":\"ann@x.com\",\"d\":null} | true | false",
            "{\"a\":12.5,\"b\":\"ann@x.com\",\"d\":\"x\"} | false | false"})
    void fieldsAreComparedOneByOne(String answer, boolean right, boolean formatFailure) {
        JsonFields strict = new JsonFields(List.of("a", "b", "d"), false, false);
        Grade grade = strict.grade(answer, json("{\"a\":12.5,\"b\":\"ann@x.com\"}"));
        assertThat(grade).extracting(Grade::pass, Grade::formatFailure).containsExactly(right, formatFailure);
    }

    @Test
    void proseAroundJsonIsForgivenOnlyOnRequest() {
        String answer = "Sure {not json}! Here:\n```json\n{\"a\": \"}\"}\n```";
        JsonNode key = json("{\"a\":\"}\"}");
        assertThat(new JsonFields(List.of(), true, false).grade(answer, key).pass()).isTrue();
        assertThat(new JsonFields(List.of(), false, false).grade(answer, key).pass()).isFalse();
        assertThat(new JsonValid(true).grade(answer, null).pass()).isTrue();
        assertThat(new JsonValid(false).grade(answer, null).formatFailure()).isTrue();
    }

    @Test
    void duplicateKeysAreNotJson() {
        assertThat(new JsonValid(false).grade("{\"a\":1e9999999994567890}", null).formatFailure()).isTrue();
        assertThat(new JsonValid(false).grade("{\"a\":1,\"a\":2}", null).pass()).isFalse();
    }

    @Test
    void containsCountsWhatItFinds() {
        List<String> wanted = List.of("alpha", "beta");
        assertThat(new Contains(Contains.Mode.ALL, wanted, false).grade("alpha beta", null).pass()).isTrue();
        assertThat(new Contains(Contains.Mode.ALL, wanted, false).grade("alpha Beta", null).pass()).isFalse();
        assertThat(new Contains(Contains.Mode.ALL, wanted, true).grade("alpha Beta", null).pass()).isTrue();
        assertThat(new Contains(Contains.Mode.ANY, wanted, false).grade("beta", null).pass()).isTrue();
        assertThat(new Contains(Contains.Mode.NONE, wanted, false).grade("beta", null).pass()).isFalse();
        assertThat(new Contains(Contains.Mode.ALL, List.of(), false).grade("x beta", json("[\"beta\"]")).pass())
                .isTrue();
    }

    @Test
    void patternComparesItsGroupWithTheKey() {
        PatternMatch grader = new PatternMatch(Pattern.compile("answer is (\\w+)"));
        assertThat(grader.grade("the answer is B.", json("B")).pass()).isTrue();
        assertThat(grader.grade("the answer is C.", json("B")).formatFailure()).isFalse();
        assertThat(grader.grade("dunno", json("B")).formatFailure()).isTrue();
        assertThat(grader.problemWith(null)).isNotNull();
        assertThat(new PatternMatch(Pattern.compile("x+")).problemWith(null)).isNull();
    }

    @Test
    void explodingPatternFailsTheGraderAndNotTheRun() {
        PatternMatch grader = new PatternMatch(Pattern.compile("((a|aa)+)\\2b"));
        Grade grade = grader.grade("a".repeat(60) + "!", json("a"));
        assertThat(grade.score()).as("null is a failed grader, not a wrong answer").isNull();
        assertThat(grade.reason()).contains("steps");
    }

    @Test
    void endlessAnswerIsAFormatFailure() {
        String endless = "7".repeat(Grader.MAX_ANSWER_CHARS + 1);
        assertThat(Grader.apply(new NumberMatch(BigDecimal.ZERO), endless, json("7")).formatFailure()).isTrue();
    }

    private static JsonNode json(String text) {
        String stripped = text.strip();
        return stripped.startsWith("{") || stripped.startsWith("[")
                ? JsonMapper.shared().readTree(stripped)
                : JsonMapper.shared().valueToTree(stripped);
    }
}
