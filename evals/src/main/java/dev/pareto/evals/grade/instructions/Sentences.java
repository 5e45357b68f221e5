package dev.pareto.evals.grade.instructions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences as Punkt finds them (Kiss and Strunk 2006): a full stop, question or exclamation mark ends one where white
 * space or a bracket follows, unless the stop belongs to an abbreviation, an initial or an ordinal. Punkt learned its
 * abbreviations from a corpus; these are the ones that answers hold.
 */
final class Sentences {

    private static final Pattern END = Pattern.compile("[.?!](?=[)\"“”;}\\]*:@'’({\\[!?]|\\s)");
    private static final Pattern CLOSING = Pattern.compile("[\"“”’')\\]}»*]*(?:\\s+|$)");
    private static final Pattern INITIALS = Pattern.compile("\\p{L}(?:\\.\\p{L})*\\.");
    private static final Set<String> ABBREVIATIONS = Set.of("dr", "mr", "mrs", "ms", "prof", "st", "jr", "sr", "vs",
            "etc", "inc", "ltd", "co", "corp", "gen", "col", "sen", "rep", "gov", "lt", "sgt", "capt", "rev", "hon",
            "messrs",
            "fig", "vol", "ed", "eds", "op", "cit", "ca", "cf", "al", "jan", "feb", "mar", "apr", "aug", "sept",
            "sep", "oct", "nov", "dec", "ave", "blvd", "rd", "mt", "ft", "e.g", "i.e", "u.s", "u.k", "u.n", "a.m",
            "p.m",
            "ph.d", "b.a", "m.a", "b.sc", "m.sc", "d.c", "a.d", "b.c", "approx", "dept", "est", "bros");
    /** Abbreviations after which a capital begins a sentence all the same. */
    private static final Set<String> MAY_END = Set.of("etc", "inc", "ltd", "co", "corp", "jr", "sr", "a.m", "p.m",
            "u.s", "u.k", "d.c", "b.c", "a.d", "al");
    private static final Set<String> STARTERS = Set.of("the", "this", "that", "these", "those", "it", "he", "she",
            "they",
            "we", "i", "in", "on", "at", "but", "and", "however", "there", "if", "when", "you", "a", "an", "for", "as",
            "our", "my", "his", "her", "their", "its", "so", "yet", "after", "before", "while", "since", "although",
            "let",
            "what", "how", "why", "then", "now", "here", "no", "not", "yes", "please", "all", "some", "many", "each");

    private Sentences() {}

    static int count(String text) {
        return split(text).size();
    }

    static List<String> split(String text) {
        List<String> sentences = new ArrayList<>();
        Matcher end = END.matcher(text);
        Matcher closing = CLOSING.matcher(text);
        int start = 0;
        while (end.find()) {
            if (end.start() < start || !ends(text, end.start())) {
                continue;
            }
            closing.region(end.end(), text.length());
            if (closing.lookingAt()) {
                add(sentences, text.substring(start, closing.end()));
                start = closing.end();
            }
        }
        add(sentences, text.substring(start));
        return sentences;
    }

    private static void add(List<String> sentences, String sentence) {
        if (!sentence.isBlank()) {
            sentences.add(sentence.strip());
        }
    }

    private static boolean ends(String text, int mark) {
        if (text.charAt(mark) != '.') {
            return true;
        }
        int from = mark;
        while (from > 0 && !Character.isWhitespace(text.charAt(from - 1))
                && "([{\"“'‘*".indexOf(text.charAt(from - 1)) < 0) {
            from--;
        }
        String token = text.substring(from, mark).toLowerCase(Locale.ROOT);
        String next = next(text, mark + 1);
        boolean capital = !next.isEmpty() && Character.isUpperCase(next.charAt(0));
        if (token.endsWith(".")) {
            return capital;
        }
        boolean initial = INITIALS.matcher(token + ".").matches() && !token.equals("i");
        if (initial && token.length() == 1) {
            return !capital || STARTERS.contains(next.toLowerCase(Locale.ROOT));
        }
        if (ABBREVIATIONS.contains(token) || initial) {
            return MAY_END.contains(token) && capital && STARTERS.contains(next.toLowerCase(Locale.ROOT));
        }
        boolean ordinal = !token.isEmpty() && token.chars().allMatch(Character::isDigit);
        return !ordinal || next.isEmpty() || !Character.isLowerCase(next.charAt(0));
    }

    private static String next(String text, int from) {
        int start = from;
        while (start < text.length() && !Character.isLetterOrDigit(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return text.substring(start, end);
    }
}
