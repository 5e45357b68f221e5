package dev.pareto.evals.grade.number;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.evals.grade.Grade;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class NumberAnswerTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "GSM8K | 18 | {\"reasoning\": \"9 * 2\", \"answer\": \"$18\"} | true",
            "GSM8K | 1500 | {\"answer\": \"1,500 miles\"} | true", "GSM8K | 0.75 | {\"answer\": \"3/4\"} | true",
            "GSM8K | 36 | so the answer is $\\boxed{36}$ | true", "GSM8K | 7 | {\"answer\": 7.0} | true",
            "GSM8K | 7 | {\"answer\": 8} | false", "LAST_INTEGER | 1234 | first 5, then 1,234. | true",
            "LAST_INTEGER | 20 | that is $20.00 | false", "PERCENT | 12.5 % | about 12.5 percent | true",
            "PERCENT | 12.5 | 0.125 | false", "PERCENT | 40% | 40 % of 250 is 100, so **40 %** | true",
            "CURRENCY | USD 1234.50 | in all $1,234.50 | true", "CURRENCY | 1234.50 | 1.234,50 € | true",
            "CURRENCY | $5 | 5 € | false", "CURRENCY | $3.2 million | $3,200,000 | true",
            "CURRENCY | -12 EUR | -12 euros | true", "CURRENCY | 1500 | 1,500 | true"})
    void findsTheNumberByItsRule(NumberAnswer.Preset preset, String key, String answer, boolean right) {
        JsonNode expected = JsonMapper.shared().valueToTree(key);
        NumberAnswer grader = new NumberAnswer(preset, 0);
        assertThat(grader.problemWith(expected)).isNull();
        assertThat(grader.grade(answer, expected)).extracting(Grade::pass, Grade::formatFailure)
                .containsExactly(right, false);
    }

    @Test
    void aReplyWithoutTheFieldIsUnreadableAndAFieldWithoutANumberIsWrong() {
        NumberAnswer grader = new NumberAnswer(NumberAnswer.Preset.GSM8K, 0);
        JsonNode key = JsonMapper.shared().valueToTree("4");
        assertThat(grader.grade("four", key).formatFailure()).isTrue();
        assertThat(grader.grade("{\"answer\": \"four\"}", key)).extracting(Grade::pass, Grade::formatFailure)
                .containsExactly(false, false);
    }

    @Test
    void hasATolerance() {
        NumberAnswer grader = new NumberAnswer(NumberAnswer.Preset.PERCENT, 0.5);
        assertThat(grader.grade("33 %", JsonMapper.shared().valueToTree("33.3 %")).pass()).isTrue();
        assertThat(grader.grade("32 %", JsonMapper.shared().valueToTree("33.3 %")).pass()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"\\frac{1}{2} | The answer is $0.5$. | true",
            "1/2 | so $$\\boxed{\\dfrac{1}{2}}$$ | true", "2\\sqrt{3} | \\boxed{2 \\sqrt{3}} | true",
            "\\frac{\\pi}{4} | x = \\boxed{\\frac{\\pi}{4}} | true", "12,345 | 12345 | true",
            "(1, \\frac{1}{2}) | \\boxed{(1, 0.5)} | true", "(1, 2) | \\boxed{[1, 2]} | false",
            "x^2+1 | \\boxed{x^2 + 1} | true", "90^\\circ | 90 | true", "50\\% | 50 | true", "3 | \\boxed{4} | false",
            "-15 | {\"reasoning\": \"…\", \"answer\": \"-15\"} | true", "2^{10} | \\boxed{1024} | true",
            "\\text{Tuesday} | \\boxed{tuesday} | true", "5 | $x = 5$ | true"})
    void mathematicsIsComparedByValue(String key, String answer, boolean right) {
        assertThat(new MathAnswer(0).grade(answer, JsonMapper.shared().valueToTree(key)).pass()).isEqualTo(right);
    }

    @ParameterizedTest
    @CsvSource({"1+2*3,7", "(1+2)*3,9", "-2**2,-4", "2**-1,0.5", "sqrt(16)/2,2", "3/4+1/4,1"})
    void arithmeticKnowsItsPrecedence(String expression, double value) {
        assertThat(Arithmetic.evaluate(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1+", "(1", "2 3", "x", "1/0", "--", "**2", "1..2"})
    void whatIsNoExpressionHasNoValue(String text) {
        assertThat(Arithmetic.evaluate(text)).isNull();
    }
}
