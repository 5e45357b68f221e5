package dev.pareto.policies.predict.accuracy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a question and the answer given to it show of the answer's worth: shape of both, whether the answer is whole, its final
 * value, the arithmetic that it shows, whether the question's numbers are used, log-probabilities where the vendor or the engine
 * gave them, and, with a second answer, how far the two agree. For one thread at a time.
 */
final class AnswerFeatures {

    private static final List<String> OWN = List.of("length-ratio", "final-mark", "final-is-number", "final-integer",
            "final-negative", "final-size", "text-after-final", "final-text-length", "ends-sentence", "ends-blank",
            "ends-alphanumeric", "unbalanced", "equations", "wrong-equations", "wrong-share", "right-until",
            "worst-error",
            "final-is-last-result", "final-is-a-result", "final-in-question", "question-numbers", "numbers-used",
            "numbers-unused",
            "numbers-invented", "results-unused", "results-fractional", "results-negative", "largest-result",
            "repeated-lines",
            "question-words-used", "new-words", "steps-a-number", "final-shown-before", "final-over-largest");
    private static final List<String> CHANCE = List.of("logprobs", "logprob-mean", "logprob-least", "logprob-q05",
            "logprob-q10",
            "logprob-q25", "logprob-end");
    private static final List<String> PAIR = List.of("agree", "both-numbers", "log-final-ratio", "first-in-second",
            "second-in-first", "numbers-shared", "results-shared", "words-shared", "length-ratio-of-two");

    private static final List<String> ONE_NAMES = one();
    private static final List<String> TWO_NAMES = two();

    private final EncodedText question = new EncodedText();
    private final EncodedText answer = new EncodedText();
    private final EncodedText other = new EncodedText();
    private final Working asked = new Working();
    private final Working worked = new Working();
    private final Working otherWorked = new Working();
    private float[] into = new float[0];
    private int at;

    private static List<String> one() {
        List<String> names = new ArrayList<>();
        EncodedText.DENSE_NAMES.forEach(name -> names.add("question." + name));
        EncodedText.DENSE_NAMES.forEach(name -> names.add("answer." + name));
        OWN.forEach(name -> names.add("answer." + name));
        CHANCE.forEach(name -> names.add("answer." + name));
        return List.copyOf(names);
    }

    private static List<String> two() {
        List<String> names = new ArrayList<>(ONE_NAMES);
        OWN.forEach(name -> names.add("second." + name));
        CHANCE.forEach(name -> names.add("second." + name));
        names.addAll(PAIR);
        return List.copyOf(names);
    }

    static List<String> names(boolean second) {
        return second ? TWO_NAMES : ONE_NAMES;
    }

    EncodedText answerText() {
        return answer;
    }

    /** Writes the features from an offset on. */
    void read(String prompt, Answer first, @Nullable Answer second, float[] features, int offset) {
        into = features;
        at = offset;
        question.read(prompt);
        answer.read(first.text());
        asked.read(prompt);
        worked.read(first.text());
        for (float value : question.dense) {
            put(value);
        }
        for (float value : answer.dense) {
            put(value);
        }
        FinalAnswer end = FinalAnswer.of(first.text());
        own(prompt, first.text(), answer, worked, end);
        chances(first.logprobs());
        if (second != null) {
            other.read(second.text());
            otherWorked.read(second.text());
            FinalAnswer otherEnd = FinalAnswer.of(second.text());
            own(prompt, second.text(), other, otherWorked, otherEnd);
            chances(second.logprobs());
            pair(first.text(), second.text(), end, otherEnd);
        }
    }

    private void put(double value) {
        into[at++] = (float) value;
    }

    private void flag(boolean value) {
        into[at++] = value ? 1 : 0;
    }

    private void own(String prompt, String text, EncodedText encoded, Working working, FinalAnswer end) {
        put(Math.log((text.length() + 10.0) / (prompt.length() + 10.0)));
        Double number = end.number();
        put(end.mark().rank);
        flag(number != null);
        double value = number == null ? 0 : number;
        flag(number != null && Numbers.same(value, Math.rint(value)));
        flag(value < 0);
        put(Math.log10(1 + Math.abs(value)));
        put(Math.log1p(Math.max(0, text.stripTrailing().length() - end.end())));
        put(Math.log1p(end.text().length()));
        ending(text);
        equations(text, working);
        int results = working.equations;
        flag(number != null && results > 0 && Numbers.same(working.results[results - 1], value));
        flag(number != null && working.results(value));
        flag(number != null && asked.shows(value));
        uses(working);
        put(repeatedLines(text));
        int shared = shared(question, encoded);
        put((double) shared / Math.max(1, question.distinct));
        put(1 - (double) shared / Math.max(1, encoded.distinct));
        put((results + 1.0) / (asked.count + 1.0));
        put(Math.log1p(timesShown(working, value)));
        double largest = 1;
        for (int i = 0; i < asked.count; i++) {
            largest = Math.max(largest, asked.numbers[i]);
        }
        put(Math.log((1 + Math.abs(value)) / (1 + largest)));
    }

    private void ending(String text) {
        int last = text.length() - 1;
        boolean blank = last >= 0 && text.charAt(last) == '\n';
        while (last >= 0 && text.charAt(last) <= ' ') {
            last--;
        }
        char c = last < 0 ? ' ' : text.charAt(last);
        flag(c == '.' || c == '!' || c == '?' || c == '}' || c == '`' || c == ')');
        flag(blank);
        flag(Character.isLetterOrDigit(c));
        int open = 0;
        for (int i = 0; i <= last; i++) {
            char d = text.charAt(i);
            open += d == '(' || d == '[' || d == '{' ? 1 : d == ')' || d == ']' || d == '}' ? -1 : 0;
        }
        boolean mark = text.lastIndexOf("<<") > text.lastIndexOf(">>");
        put(Math.min(3, Math.abs(open)) + (mark ? 1 : 0));
    }

    private void equations(String text, Working working) {
        put(Math.log1p(working.equations));
        put(Math.log1p(working.wrong));
        put((double) working.wrong / Math.max(1, working.equations));
        put(working.firstWrong < 0 ? 1 : (double) working.firstWrong / Math.max(1, text.length()));
        put(working.worstError);
    }

    private void uses(Working working) {
        int used = 0;
        for (int i = 0; i < asked.count; i++) {
            used += working.shows(asked.numbers[i]) ? 1 : 0;
        }
        put(Math.log1p(asked.count));
        put(asked.count == 0 ? 1 : (double) used / asked.count);
        put(Math.log1p(asked.count - used));
        int invented = 0;
        for (int i = 0; i < working.count; i++) {
            double n = working.numbers[i];
            invented += n <= 2 || n == 100 || asked.shows(n) || working.results(n) ? 0 : 1;
        }
        put(Math.log1p(invented));
        int unused = 0;
        int fractional = 0;
        int negative = 0;
        double largest = 0;
        for (int i = 0; i < working.equations; i++) {
            double result = working.results[i];
            unused += i < working.equations - 1 && !working.showsAfter(result, working.resultPlaces[i] + 12) ? 1 : 0;
            fractional += Numbers.same(result, Math.rint(result)) ? 0 : 1;
            negative += result < 0 ? 1 : 0;
            largest = Math.max(largest, Math.abs(result));
        }
        put(Math.log1p(unused));
        put(Math.log1p(fractional));
        put(Math.log1p(negative));
        put(Math.log10(1 + largest));
    }

    private static double repeatedLines(String text) {
        String[] lines = text.split("\n", 200);
        if (lines.length < 3) {
            return 0;
        }
        long distinct = Arrays.stream(lines).map(String::strip).filter(line -> line.length() > 8).distinct().count();
        long all = Arrays.stream(lines).map(String::strip).filter(line -> line.length() > 8).count();
        return all == 0 ? 0 : 1 - (double) distinct / all;
    }

    private static int timesShown(Working working, double value) {
        int times = 0;
        for (int i = 0; i < working.count; i++) {
            times += Numbers.same(working.numbers[i], Math.abs(value)) ? 1 : 0;
        }
        return times;
    }

    private static int shared(EncodedText a, EncodedText b) {
        int shared = 0;
        for (int i = 0; i < a.distinct; i++) {
            shared += b.has(a.hashes[i]) ? 1 : 0;
        }
        return shared;
    }

    private void chances(double @Nullable [] logprobs) {
        if (logprobs == null || logprobs.length == 0) {
            for (int i = 0; i < CHANCE.size(); i++) {
                put(0);
            }
            return;
        }
        double[] sorted = logprobs.clone();
        Arrays.sort(sorted);
        put(1);
        put(Arrays.stream(sorted).average().orElse(0));
        put(Math.max(sorted[0], -20));
        put(sorted[(int) (0.05 * (sorted.length - 1))]);
        put(sorted[(int) (0.10 * (sorted.length - 1))]);
        put(sorted[(int) (0.25 * (sorted.length - 1))]);
        put(Arrays.stream(logprobs, Math.max(0, logprobs.length - 10), logprobs.length).min().orElse(0));
    }

    private void pair(String first, String second, FinalAnswer a, FinalAnswer b) {
        flag(a.agrees(b));
        Double x = a.number();
        Double y = b.number();
        flag(x != null && y != null);
        put(x == null || y == null ? 3 : Math.min(3, Math.abs(Math.log((Math.abs(x) + 0.01) / (Math.abs(y) + 0.01)))));
        flag(x != null && (otherWorked.shows(x) || otherWorked.results(x)));
        flag(y != null && (worked.shows(y) || worked.results(y)));
        put(overlap(worked.numbers, worked.count, otherWorked));
        int both = 0;
        for (int i = 0; i < worked.equations; i++) {
            both += otherWorked.results(worked.results[i]) || otherWorked.shows(worked.results[i]) ? 1 : 0;
        }
        put((double) both / Math.max(1, worked.equations));
        int shared = shared(answer, other);
        put((double) shared / Math.max(1, answer.distinct + other.distinct - shared));
        put(Math.log((first.length() + 10.0) / (second.length() + 10.0)));
    }

    private static double overlap(double[] numbers, int count, Working other) {
        int both = 0;
        for (int i = 0; i < count; i++) {
            both += other.shows(numbers[i]) ? 1 : 0;
        }
        return count == 0 ? 0 : (double) both / count;
    }
}
