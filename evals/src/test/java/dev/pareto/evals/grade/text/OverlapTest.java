package dev.pareto.evals.grade.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;

import dev.pareto.evals.grade.Grade;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

final class OverlapTest {

    /** Reference values of sacrebleu 2.5 (sentence_bleu, sentence_chrf with default settings). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "the cat is on the mat | the cat sat on the mat | 0.3799178428257963 | 0.619251512899325",
            "The dog bit the man. | The dog had bit the man. | 0.5115078115793242 | 0.6764711450656518",
            "hello | hello there, world | 0.049787068367863965 | 0.24503112283887316",
            "It costs $1,234.50 (net). | It costs $1,234.50 net. | 0.38260294162784453 | 0.810850668134171",
            "completely different words | nothing in common here | 0.0 | 0.13694143789216873",
            "a-b 3-4 | a-b 3-4 x | 0.7788007830714052 | 0.7757103344229318",
            "naïve café | naive cafe | 0.0 | 0.39411375661375664"})
    void bleuAndChrfAreSacrebleus(String answer, String key, double bleu, double chrf) {
        assertThat(new Overlap(Overlap.Measure.BLEU, 0.5).score(answer, key)).isCloseTo(bleu, within(1e-9));
        assertThat(new Overlap(Overlap.Measure.CHRF, 0.5).score(answer, key)).isCloseTo(chrf, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "TOKEN_F1 | The Eiffel Tower, in Paris | eiffel tower | 0.6666666666666666",
            "TOKEN_F1 | an apple | the apple | 1", "TOKEN_F1 | pear | apple | 0",
            "LEVENSHTEIN | kitten | sitting | 0.5714285714285714", "LEVENSHTEIN | same | same | 1",
            "ROUGE_L | police killed the gunman | police kill the gunman | 0.75",
            "ROUGE_L | the gunman kill police | police killed the gunman | 0.5",
            "ROUGE_L | a b c d | x y | 0"})
    void measuresShareOfTheKey(Overlap.Measure measure, String answer, String key, double score) {
        assertThat(new Overlap(measure, 0.5).score(answer, key)).isCloseTo(score, within(1e-12));
    }

    @Test
    void theBestOfSeveralKeysCounts() {
        Grade grade = new Overlap(Overlap.Measure.TOKEN_F1, 0.9).grade("Mount Everest",
                JsonMapper.shared().readTree("[\"K2\", \"mount everest\"]"));
        assertThat(grade.score()).isEqualTo(1.0);
        assertThat(grade.pass()).isTrue();
    }

    @Test
    void whatIsTooLongToCompareHasNoScore() {
        String longText = "word ".repeat(4_000);
        assertThat(new Overlap(Overlap.Measure.LEVENSHTEIN, 0.5)
                .grade(longText, JsonMapper.shared().valueToTree(longText))
                .score()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"red, blue | 1 | true", "[\"blue\", \"Red\"] | 1 | true",
            "- red\\n- blue\\n- green | 0.8 | false", "red | 0.6666666666666666 | false", "green | 0 | false"})
    void setsAreComparedWithoutOrder(String answer, double score, boolean pass) {
        Grade grade = new SetF1(1).grade(answer.replace("\\n", "\n"),
                JsonMapper.shared().readTree("[\"Red\", \"blue\"]"));
        assertThat(Objects.requireNonNull(grade.score())).isCloseTo(score, within(1e-12));
        assertThat(grade.pass()).isEqualTo(pass);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"B | B", "(b) | B", "B. Paris | B", "**C** | C",
            "The answer is (D). | D", "I think A at first, but the answer is **B**. | B",
            "{\"reasoning\": \"A is wrong\", \"answer\": \"C\"} | C", "Thus \\boxed{\\text{(E)}} | E",
            "So it is (A) or (B); finally (B) | B", "Answer: C | C", "My choice would be option D | D"})
    void theLetterIsFoundInWhateverDress(String answer, String letter) {
        ChoiceLetter grader = new ChoiceLetter(5);
        assertThat(grader.grade(answer, JsonMapper.shared().valueToTree(letter)).pass()).isTrue();
        assertThat(grader.grade(answer, JsonMapper.shared().valueToTree(letter.equals("A") ? "B" : "A")).pass())
                .isFalse();
    }

    @Test
    void noLetterIsAFormatFailure() {
        assertThat(new ChoiceLetter(4).grade("I cannot tell.", JsonMapper.shared().valueToTree("A")).formatFailure())
                .isTrue();
        assertThat(new ChoiceLetter(4).problemWith(JsonMapper.shared().valueToTree("E"))).contains("A to D");
    }

    @Test
    void lengthIsCountedByUnit() {
        JsonNode none = JsonNodeFactory.instance.nullNode();
        assertThat(new Length(Length.Unit.WORDS, 2, 3).grade(" one  two three ", none).pass()).isTrue();
        assertThat(new Length(Length.Unit.CHARACTERS, 1, 2).grade("😀é", none).pass()).isTrue();
        assertThat(new Length(Length.Unit.LINES, 3, 9).grade("a\n\nb", none).pass()).isFalse();
    }
}
