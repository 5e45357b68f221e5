package dev.pareto.evals.grade.instructions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;

import dev.pareto.evals.grade.SharedData;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class IfEvalTest {

    /** Kind, arguments, a text that follows, one that does not. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "change_case:capital_word_frequency | {\"capital_relation\": \"at least\", \"capital_frequency\": 3} | I LIKE IT'S END. | I like it.",
            "change_case:english_capital | {} | THIS IS THE WAY. | This is the way.",
            "change_case:english_lowercase | {} | this is the way. | This is the way.",
            "combination:repeat_prompt | {\"prompt_to_repeat\": \"Say it.\"} | say it. Done | Done. Say it.",
            "combination:two_responses | {} | one ****** two | one ****** one",
            "detectable_content:number_placeholders | {\"num_placeholders\": 2} | [name] of [town] | [name] of Rome",
            "detectable_content:postscript | {\"postscript_marker\": \"P.S.\"} | Bye. P. S. Write! | Bye. PS: write",
            "detectable_format:constrained_response | {} | My answer is maybe. | Maybe.",
            "detectable_format:json_format | {} | ```json {\"a\": [1]} ``` | {\"a\": }",
            "detectable_format:multiple_sections | {\"section_spliter\": \"Section\", \"num_sections\": 2} | Section 1 a Section 2 b | Section 1 a Section b",
            "detectable_format:number_bullet_lists | {\"num_bullets\": 2} | * one\\n- two | * one\\n- two\\n* three",
            "detectable_format:number_highlighted_sections | {\"num_highlights\": 2} | *one* and *two* | *one* and ** **",
            "detectable_format:title | {} | <<Joy>> it is | << >> it is",
            "keywords:existence | {\"keywords\": [\"dog\", \"day\"]} | A DOG's day | A cat's day",
            "keywords:forbidden_words | {\"forbidden_words\": [\"bad\"]} | a badge | a Bad one",
            "keywords:frequency | {\"relation\": \"less than\", \"keyword\": \"ha\", \"frequency\": 3} | ha ha | Ha ha ha",
            "keywords:letter_frequency | {\"let_relation\": \"at least\", \"letter\": \"q\", \"let_frequency\": 2} | Q and q | q",
            "language:response_language | {\"language\": \"de\"} | Das ist nicht der Weg, und ich weiß es. | This is not the way.",
            "length_constraints:nth_paragraph_first_word | {\"num_paragraphs\": 2, \"nth_paragraph\": 2, \"first_word\": \"Weekend\"} | a\\n\\n\"weekend, b | weekend\\n\\nb",
            "length_constraints:number_paragraphs | {\"num_paragraphs\": 2} | a\\n***\\nb | a\\n\\nb",
            "length_constraints:number_sentences | {\"relation\": \"at least\", \"num_sentences\": 3} | Dr. No? Yes! It is 3.5 m. | Dr. No came at 3.5 m. Yes.",
            "length_constraints:number_words | {\"relation\": \"less than\", \"num_words\": 4} | don't go | you do not go",
            "punctuation:no_comma | {} | one and two | one, two",
            "startend:end_checker | {\"end_phrase\": \"Any other questions?\"} | \"So. any other questions?\" | Any other questions? Bye",
            "startend:quotation | {} | \"all\" | \"all"})
    void everyKindTellsFollowedFromBroken(String id, String arguments, String followed, String broken) {
        JsonNode key = key(id, arguments);
        IfEval grader = new IfEval(IfEval.Mode.STRICT, false);
        assertThat(grader.problemWith(key)).isNull();
        assertThat(grader.grade(followed.replace("\\n", "\n"), key).reason()).isEqualTo("follows 1");
        assertThat(grader.grade(broken.replace("\\n", "\n"), key).score()).isEqualTo(0.0);
    }

    @Test
    void looselyTheFirstAndLastLineAndAsterisksMayGo() {
        JsonNode key = key("startend:quotation", "{}");
        String answer = "Sure! Here it is:\n\"**all**\"\nHope it helps.";
        assertThat(new IfEval(IfEval.Mode.STRICT, false).grade(answer, key).pass()).isFalse();
        assertThat(new IfEval(IfEval.Mode.LOOSE, false).grade(answer, key).pass()).isTrue();
        assertThat(new IfEval(IfEval.Mode.LOOSE, false).grade("  ", key).pass()).isFalse();
    }

    @Test
    void theScoreIsAllOrNothingUnlessPartial() {
        JsonNode key = JsonMapper.shared()
                .readTree(
                        """
                        {"instruction_id_list": ["punctuation:no_comma", "startend:quotation"], "kwargs": [{}, {"num_words": null}]}""");
        assertThat(new IfEval(IfEval.Mode.STRICT, false).grade("no comma", key).score()).isEqualTo(0.0);
        assertThat(new IfEval(IfEval.Mode.STRICT, true).grade("no comma", key).score()).isEqualTo(0.5);
        assertThat(new IfEval(IfEval.Mode.STRICT, true).followed("no comma", key)).containsExactly(true, false);
    }

    @Test
    void allPublishedPromptsCanBeGraded() throws IOException {
        IfEval grader = new IfEval(IfEval.Mode.LOOSE, false);
        Set<String> kinds = new TreeSet<>();
        for (String line : Files.readAllLines(SharedData.require("eval-data/ifeval/input_data.jsonl"))) {
            JsonNode item = JsonMapper.shared().readTree(line);
            assertThat(grader.problemWith(item)).as(line).isNull();
            item.get("instruction_id_list").forEach(id -> kinds.add(id.asString()));
            assertThat(grader.grade("An answer.", item).score()).as(line).isNotNull();
        }
        assertThat(kinds).hasSize(25);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"change_case:shout | {} | unknown instruction",
            "length_constraints:number_words | {\"num_words\": 5} | needs 'relation'",
            "length_constraints:number_words | {\"num_words\": \"5\", \"relation\": \"at least\"} | needs a whole number",
            "length_constraints:number_words | {\"num_words\": 5, \"relation\": \"about\"} | 'less than' or 'at least'",
            "keywords:existence | {\"keywords\": []} | needs a list of texts"})
    void whatCannotBeGradedIsRefusedBeforeTheRun(String id, String arguments, String problem) {
        assertThat(new IfEval(IfEval.Mode.STRICT, false).problemWith(key(id, arguments))).contains(problem);
    }

    @Test
    void aKeywordThatExplodesFailsTheGrader() {
        JsonNode key = key("keywords:existence", "{\"keywords\": [\"((a|aa)+)\\\\2b\"]}");
        assertThat(new IfEval(IfEval.Mode.STRICT, false).grade("a".repeat(60) + "!", key).score()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~',
            value = {"One. Two! Three? | 3", "Mr. Smith went to Washington. He left. | 2",
                    "It costs 3.50 euros, e.g. today. | 1", "He said \"Stop.\" Then he left. | 2",
                    "Wait... what? Yes. | 2",
                    "J. R. R. Tolkien wrote it. | 1", "No full stop | 1", "'' | 0"})
    void sentencesAreCountedAsPunktDoes(String text, int sentences) {
        assertThat(Sentences.count(text.replace("''", ""))).isEqualTo(sentences);
    }

    private static JsonNode key(String id, String arguments) {
        return JsonMapper.shared()
                .readTree("{\"instruction_id_list\": [\"" + id + "\"], \"kwargs\": [" + arguments + "]}");
    }
}
