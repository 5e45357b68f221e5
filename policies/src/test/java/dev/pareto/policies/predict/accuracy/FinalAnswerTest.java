package dev.pareto.policies.predict.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FinalAnswerTest {

    @ParameterizedTest
    @CsvSource({"'so 3*4=12\n#### 12\n', HASHES, 12", "'thus \\boxed{1,250}', BOXED, 1250",
            "'{\"answer\": \"18\"}', JSON, 18",
            "'The answer is $7.50.', PHRASE, 7.5", "'He has 3 left, 5 in all', LAST_NUMBER, 5",
            "'#### -4', HASHES, -4"})
    void theNumberIsFoundWhereItIsMarked(String text, FinalAnswer.Mark mark, double number) {
        FinalAnswer found = FinalAnswer.of(text);
        assertThat(found.mark()).isEqualTo(mark);
        assertThat(found.number()).isEqualTo(number);
    }

    @Test
    void answersOfDifferentFormAgree() {
        assertThat(FinalAnswer.of("#### 18").agrees(FinalAnswer.of("```json\n{\"answer\": \"$18.00\"}\n```"))).isTrue();
        assertThat(FinalAnswer.of("#### 18").agrees(FinalAnswer.of("{\"answer\": \"19\"}"))).isFalse();
        assertThat(FinalAnswer.of("The answer is Paris.").agrees(FinalAnswer.of("answer: paris"))).isTrue();
        assertThat(FinalAnswer.of("B").agrees(FinalAnswer.of("b."))).isTrue();
    }

    @Test
    void nothingAgreesWithNothing() {
        assertThat(FinalAnswer.of("").agrees(FinalAnswer.of(""))).isFalse();
        assertThat(FinalAnswer.of("  \n ").mark()).isEqualTo(FinalAnswer.Mark.NONE);
        assertThat(FinalAnswer.of("####").mark()).isEqualTo(FinalAnswer.Mark.LAST_LINE);
    }
}
