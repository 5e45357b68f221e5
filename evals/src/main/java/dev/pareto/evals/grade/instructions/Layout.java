package dev.pareto.evals.grade.instructions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.BoundedText;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Checks of an answer's outward form. */
final class Layout {

    private static final int UNICODE = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\[.*?\\]", UNICODE);
    private static final Pattern STAR_BULLET = Pattern.compile("^\\s*\\*[^*].*$", UNICODE | Pattern.MULTILINE);
    private static final Pattern DASH_BULLET = Pattern.compile("^\\s*-.*$", UNICODE | Pattern.MULTILINE);
    private static final Pattern HIGHLIGHT = Pattern.compile("\\*[^\\n*]*\\*");
    private static final Pattern DOUBLE_HIGHLIGHT = Pattern.compile("\\*\\*[^\\n*]*\\*\\*");
    private static final Pattern TITLE = Pattern.compile("<<[^\\n]+>>");
    private static final Pattern DIVIDER = Pattern.compile("\\s?\\*\\*\\*\\s?", UNICODE);
    private static final Pattern RESPONSES = Pattern.compile("******", Pattern.LITERAL);
    private static final Pattern BLANK_LINE = Pattern.compile("\n\n");
    private static final Pattern SPACES = Pattern.compile("\\s+", UNICODE);
    private static final List<String> FENCES = List.of("```json", "```Json", "```JSON", "```");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Layout() {}

    static int placeholders(String text) {
        return Words.count(PLACEHOLDER, text);
    }

    static int bullets(String text) {
        return Words.count(STAR_BULLET, text) + Words.count(DASH_BULLET, text);
    }

    /** Highlights in one pair of asterisks and in two are counted apart, as the reference does. */
    static int highlights(String text) {
        return highlights(HIGHLIGHT, text) + highlights(DOUBLE_HIGHLIGHT, text);
    }

    private static int highlights(Pattern pattern, String text) {
        return (int) pattern.matcher(text).results().filter(m -> !m.group().replace("*", "").isBlank()).count();
    }

    static boolean title(String text) {
        return TITLE.matcher(text).results().anyMatch(match -> {
            String inner = match.group();
            int start = 0;
            int end = inner.length();
            while (start < end && inner.charAt(start) == '<') {
                start++;
            }
            while (end > start && inner.charAt(end - 1) == '>') {
                end--;
            }
            return !inner.substring(start, end).isBlank();
        });
    }

    static boolean json(String text) {
        String value = text.strip();
        for (String fence : FENCES) {
            value = value.startsWith(fence) ? value.substring(fence.length()) : value;
        }
        value = (value.endsWith("```") ? value.substring(0, value.length() - 3) : value).strip();
        try {
            return !value.isEmpty() && !JSON.readTree(value).isMissingNode();
        } catch (JacksonException e) {
            return false;
        }
    }

    static Instruction sections(String splitter, int least) {
        Pattern heading = Words.pattern("\\s?", splitter, "\\s?\\d+\\s?", 0);
        return text -> Words.count(heading, text) >= least;
    }

    /** Paragraphs between dividers; -1 when an inner one is blank. */
    static int paragraphs(String text) {
        String[] parts = DIVIDER.split(text, -1);
        int count = parts.length;
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].isBlank()) {
                if (i != 0 && i != parts.length - 1) {
                    return -1;
                }
                count--;
            }
        }
        return count;
    }

    static boolean twoResponses(String text) {
        String[] parts = RESPONSES.split(text, -1);
        List<String> responses = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].isBlank()) {
                responses.add(parts[i].strip());
            } else if (i != 0 && i != parts.length - 1) {
                return false;
            }
        }
        return responses.size() == 2 && !responses.getFirst().equals(responses.getLast());
    }

    static Instruction firstWord(int exactly, int nth, String firstWord) {
        return text -> {
            String[] parts = BLANK_LINE.split(text, -1);
            long count = Arrays.stream(parts).filter(part -> !part.isBlank()).count();
            if (nth < 1 || nth > count || parts[nth - 1].isBlank()) {
                return false;
            }
            String word = SPACES.split(parts[nth - 1].strip(), 2)[0].replaceFirst("^'+", "").replaceFirst("^\"+", "");
            int end = 0;
            while (end < word.length() && ".,?!'\"".indexOf(word.charAt(end)) < 0) {
                end++;
            }
            return count == exactly && word.substring(0, end).toLowerCase(Locale.ROOT).equals(firstWord);
        };
    }

    static Instruction postscript(String marker) {
        Pattern pattern = switch (marker) {
            case "P.P.S" -> Words.pattern("\\s*", "p\\.\\s?p\\.\\s?s", ".*$", Pattern.MULTILINE);
            case "P.S." -> Words.pattern("\\s*", "p\\.\\s?s\\.", ".*$", Pattern.MULTILINE);
            default -> Words.pattern("\\s*", marker.toLowerCase(Locale.ROOT), ".*$", Pattern.MULTILINE);
        };
        return text -> pattern.matcher(BoundedText.of(text.toLowerCase(Locale.ROOT))).find();
    }

    /** Without the double quotation marks at its ends. */
    static String unquoted(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == '"') {
            start++;
        }
        while (end > start && text.charAt(end - 1) == '"') {
            end--;
        }
        return text.substring(start, end);
    }
}
