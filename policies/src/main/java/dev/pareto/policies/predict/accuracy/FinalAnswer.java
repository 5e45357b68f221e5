package dev.pareto.policies.predict.accuracy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The part of an answer that two answers can be compared by: a number, a choice or a short text.
 *
 * @param mark how it was found
 * @param text trimmed, lower case
 * @param number null when it is no number
 * @param end where it ends in the answer
 */
record FinalAnswer(Mark mark, String text, @Nullable Double number, int end) {

    /** What pointed to it, the surest first. */
    enum Mark {
        HASHES(0), BOXED(1), JSON(2), PHRASE(3), LAST_NUMBER(4), LAST_LINE(5), NONE(6);

        /** What a verifier reads; part of an exported one, so never to be changed. */
        final int rank;

        Mark(int rank) {
            this.rank = rank;
        }
    }

    private static final int LONGEST = 200;
    private static final String[] PHRASES = {"answer is", "answer:", "answer =", "answer**:", "answer:**", "total is",
            "result is"};

    static FinalAnswer of(String answer) {
        int at = answer.lastIndexOf("####");
        if (at >= 0) {
            int end = lineEnd(answer, at + 4);
            if (!answer.substring(at + 4, end).isBlank()) {
                return found(Mark.HASHES, answer, at + 4, end);
            }
        }
        at = answer.lastIndexOf("\\boxed{");
        if (at >= 0) {
            int end = answer.indexOf('}', at);
            return found(Mark.BOXED, answer, at + 7, end < 0 ? lineEnd(answer, at) : end);
        }
        at = answer.lastIndexOf("\"answer\"");
        if (at >= 0) {
            int colon = answer.indexOf(':', at);
            if (colon >= 0) {
                return found(Mark.JSON, answer, colon + 1, lineEnd(answer, colon));
            }
        }
        String lower = answer.toLowerCase(Locale.ROOT);
        at = -1;
        int width = 0;
        for (String phrase : PHRASES) {
            int here = lower.lastIndexOf(phrase);
            if (here > at) {
                at = here;
                width = phrase.length();
            }
        }
        if (at >= 0 && lower.length() == answer.length()) {
            return found(Mark.PHRASE, answer, at + width, lineEnd(answer, at + width));
        }
        return last(answer);
    }

    private static FinalAnswer last(String answer) {
        int end = answer.length();
        while (end > 0 && !Numbers.isDigit(answer.charAt(end - 1))) {
            end--;
        }
        if (end > 0) {
            int start = end;
            while (start > 0 && Numbers.mayContinue(answer, start - 1)) {
                start--;
            }
            return found(Mark.LAST_NUMBER, answer, start, end);
        }
        String text = answer.strip();
        if (text.isEmpty()) {
            return new FinalAnswer(Mark.NONE, "", null, 0);
        }
        int line = text.lastIndexOf('\n') + 1;
        return found(Mark.LAST_LINE, text, line, text.length());
    }

    private static FinalAnswer found(Mark mark, String answer, int from, int to) {
        int end = Math.min(to, from + LONGEST);
        double number = Numbers.first(answer, from, end);
        String text = answer.substring(from, end).strip().toLowerCase(Locale.ROOT);
        while (!text.isEmpty() && "\"'`*.,;:()[]{}$ ".indexOf(text.charAt(text.length() - 1)) >= 0) {
            text = text.substring(0, text.length() - 1);
        }
        while (!text.isEmpty() && "\"'`*.,;:()[]{}$ ".indexOf(text.charAt(0)) >= 0) {
            text = text.substring(1);
        }
        return new FinalAnswer(mark, text, Double.isNaN(number) ? null : number, to);
    }

    /** Whether both say the same: equal numbers where both have one, else equal words. */
    boolean agrees(FinalAnswer other) {
        if (number != null && other.number != null) {
            return Numbers.same(number, other.number);
        }
        return mark != Mark.NONE && text.equals(other.text);
    }

    private static int lineEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }
}
