package dev.pareto.evals.grade.instructions;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.BoundedText;
import dev.pareto.evals.grade.content.Languages;

/** One checkable instruction. The rules, quirks included, are IFEval's. */
@FunctionalInterface
interface Instruction {

    /** Whether a text that is not blank follows it. */
    boolean followed(String text);

    /**
     * The instruction of that kind.
     *
     * @throws IllegalArgumentException when the kind is unknown or an argument is missing or wrong
     */
    static Instruction of(String id, Arguments arguments) {
        return switch (id) {
            case "change_case:capital_word_frequency" -> {
                IntPredicate enough = arguments.compared("capital_relation", "capital_frequency");
                yield text -> enough.test(Words.capitals(text));
            }
            case "change_case:english_capital" -> text -> Words.upper(text) && english(text);
            case "change_case:english_lowercase" -> text -> Words.lower(text) && english(text);
            case "combination:repeat_prompt" -> {
                String prompt = arguments.text("prompt_to_repeat").strip().toLowerCase(Locale.ROOT);
                yield text -> text.strip().toLowerCase(Locale.ROOT).startsWith(prompt);
            }
            case "combination:two_responses" -> Layout::twoResponses;
            case "detectable_content:number_placeholders" -> {
                int least = arguments.number("num_placeholders");
                yield text -> Layout.placeholders(text) >= least;
            }
            case "detectable_content:postscript" -> Layout.postscript(arguments.text("postscript_marker").strip());
            case "detectable_format:constrained_response" -> text -> text.contains("My answer is yes.")
                    || text.contains("My answer is no.") || text.contains("My answer is maybe.");
            case "detectable_format:json_format" -> Layout::json;
            case "detectable_format:multiple_sections" -> Layout
                    .sections(arguments.text("section_spliter").strip(), arguments.number("num_sections"));
            case "detectable_format:number_bullet_lists" -> {
                int exactly = arguments.number("num_bullets");
                yield text -> Layout.bullets(text) == exactly;
            }
            case "detectable_format:number_highlighted_sections" -> {
                int least = arguments.number("num_highlights");
                yield text -> Layout.highlights(text) >= least;
            }
            case "detectable_format:title" -> Layout::title;
            case "keywords:existence" -> {
                List<Pattern> keywords = arguments.texts("keywords").stream().map(Words::keyword).toList();
                yield text -> keywords.stream().allMatch(keyword -> keyword.matcher(BoundedText.of(text)).find());
            }
            case "keywords:forbidden_words" -> {
                List<Pattern> words = arguments.texts("forbidden_words").stream().map(Words::wholeWord).toList();
                yield text -> words.stream().noneMatch(word -> word.matcher(BoundedText.of(text)).find());
            }
            case "keywords:frequency" -> {
                Pattern keyword = Words.keyword(arguments.text("keyword").strip());
                IntPredicate enough = arguments.compared("relation", "frequency");
                yield text -> enough.test(Words.count(keyword, text));
            }
            case "keywords:letter_frequency" -> {
                String letter = arguments.text("letter").strip().toLowerCase(Locale.ROOT);
                IntPredicate enough = arguments.compared("let_relation", "let_frequency");
                yield text -> enough
                        .test(Words.count(Pattern.compile(Pattern.quote(letter)), text.toLowerCase(Locale.ROOT)));
            }
            case "language:response_language" -> {
                String language = arguments.text("language");
                yield text -> isOrUnknown(text, language);
            }
            case "length_constraints:nth_paragraph_first_word" -> Layout.firstWord(arguments.number("num_paragraphs"),
                    arguments.number("nth_paragraph"), arguments.text("first_word").toLowerCase(Locale.ROOT));
            case "length_constraints:number_paragraphs" -> {
                int exactly = arguments.number("num_paragraphs");
                yield text -> Layout.paragraphs(text) == exactly;
            }
            case "length_constraints:number_sentences" -> {
                IntPredicate enough = arguments.compared("relation", "num_sentences");
                yield text -> enough.test(Sentences.count(text));
            }
            case "length_constraints:number_words" -> {
                IntPredicate enough = arguments.compared("relation", "num_words");
                yield text -> enough.test(Words.count(text));
            }
            case "punctuation:no_comma" -> text -> !text.contains(",");
            case "startend:end_checker" -> {
                String end = arguments.text("end_phrase").strip().toLowerCase(Locale.ROOT);
                yield text -> Layout.unquoted(text.strip()).toLowerCase(Locale.ROOT).endsWith(end);
            }
            case "startend:quotation" -> text -> {
                String stripped = text.strip();
                return stripped.length() > 1 && stripped.startsWith("\"") && stripped.endsWith("\"");
            };
            default -> throw new IllegalArgumentException("unknown instruction '" + id + "'");
        };
    }

    private static boolean english(String text) {
        return isOrUnknown(text, "en");
    }

    /** As the reference has it, a text whose language cannot be told follows. */
    private static boolean isOrUnknown(String text, String language) {
        String detected = Languages.detect(text);
        return detected == null || detected.equals(language) || (detected.equals("zh") && language.startsWith("zh-"));
    }
}
