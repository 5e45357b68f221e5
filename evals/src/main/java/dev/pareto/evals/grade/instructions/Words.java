package dev.pareto.evals.grade.instructions;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import dev.pareto.evals.grade.BoundedText;

/** Words and their case, counted as IFEval's Python does. */
final class Words {

    private static final int FLAGS = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE | Pattern.UNIX_LINES;
    /** Python's {@code \w} knows no combining marks. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");
    private static final Pattern SPACES = Pattern.compile("\\s+", FLAGS);

    private Words() {}

    static int count(String text) {
        return count(WORD, text);
    }

    static int count(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(BoundedText.of(text));
        int count = 0;
        while (matcher.find()) {
            count++;
        }
        return count;
    }

    /** The keyword as the regular expression that it is in IFEval, or literally where it is none. */
    static Pattern keyword(String keyword) {
        return pattern("", keyword, "", Pattern.CASE_INSENSITIVE);
    }

    static Pattern wholeWord(String word) {
        return pattern("\\b", word, "\\b", Pattern.CASE_INSENSITIVE);
    }

    static Pattern pattern(String before, String middle, String after, int flags) {
        try {
            return Pattern.compile(before + middle + after, FLAGS | flags);
        } catch (PatternSyntaxException e) {
            return Pattern.compile(before + Pattern.quote(middle) + after, FLAGS | flags);
        }
    }

    /** Whether there are letters with case and all of them are capitals. */
    static boolean upper(String text) {
        return text.codePoints().anyMatch(Character::isUpperCase)
                && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    /** Whether there are letters with case and none of them is a capital. */
    static boolean lower(String text) {
        return text.codePoints().anyMatch(Character::isLowerCase)
                && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    /** Tokens of the Penn Treebank all of whose letters are capitals; "I'm" has one, "DON'T" two. */
    static int capitals(String text) {
        int capitals = 0;
        for (String sentence : Sentences.split(text)) {
            String spaced = sentence;
            for (Split split : TREEBANK) {
                spaced = split.pattern.matcher(spaced).replaceAll(split.replacement);
            }
            capitals += (int) SPACES.splitAsStream(spaced).filter(Words::upper).count();
        }
        return capitals;
    }

    private record Split(Pattern pattern, String replacement) {

        static Split of(String pattern, String replacement) {
            return new Split(Pattern.compile(pattern), replacement);
        }
    }

    /** Where the Penn Treebank's tokens end (Marcus et al. 1993), as far as it matters for counting capitals. */
    private static final List<Split> TREEBANK = List.of(
            Split.of("([«“‘„]|`+)", " $1 "),
            Split.of("^\"", " \" "),
            Split.of("([ (\\[{<])(\"|'')", "$1 \" "),
            Split.of("([»”’])", " $1 "),
            Split.of("([:,])([^\\d])", " $1 $2"),
            Split.of("([:,])$", " $1 "),
            Split.of("\\.\\.\\.", " ... "),
            Split.of("([;@#$%&])", " $1 "),
            Split.of("([^.])(\\.)([\\])}>\"'»”’ ]*)\\s*$", "$1 $2 $3 "),
            Split.of("([?!])", " $1 "),
            Split.of("([^'])' ", "$1 ' "),
            Split.of("([\\]\\[(){}<>])", " $1 "),
            Split.of("--", " -- "),
            Split.of("\"", " \" "),
            Split.of("([^' ])('[sS]|'[mM]|'[dD]|')( |$)", "$1 $2 "),
            Split.of("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T)( |$)", "$1 $2 "));
}
