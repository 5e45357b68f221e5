package dev.pareto.engine.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts text into the words within which byte-pair encoding merges. Stateless; the words cover the range without gaps,
 * and nothing outside the range is looked at.
 */
@FunctionalInterface
interface PreTokenizer {

    /** Takes one word after another. */
    @FunctionalInterface
    interface Words {
        void word(int from, int to);
    }

    void split(String text, int from, int to, Words words);

    /** Each step cuts the words of the step before further. */
    static PreTokenizer sequence(List<PreTokenizer> steps) {
        if (steps.size() == 1) {
            return steps.getFirst();
        }
        var first = steps.getFirst();
        var rest = sequence(steps.subList(1, steps.size()));
        return (text, from, to, words) -> first.split(text, from, to, (f, t) -> rest.split(text, f, t, words));
    }

    /** Matches are words, and so is what lies between them. */
    static PreTokenizer matching(String regex) {
        var pattern = Pattern.compile(regex);
        return (text, from, to, words) -> {
            var matcher = pattern.matcher(text).region(from, to);
            int at = from;
            while (matcher.find()) {
                if (matcher.start() > at) {
                    words.word(at, matcher.start());
                }
                if (matcher.end() > matcher.start()) {
                    words.word(matcher.start(), matcher.end());
                }
                at = matcher.end();
            }
            if (at < to) {
                words.word(at, to);
            }
        };
    }
}
