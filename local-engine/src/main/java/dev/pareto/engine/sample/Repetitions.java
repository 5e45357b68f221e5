package dev.pareto.engine.sample;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

import dev.pareto.engine.Sampling;

/**
 * DRY: finds, with the Z-algorithm over the reversed tokens, every earlier place where the latest tokens occurred, and
 * lowers the logit of the token that would make the repetition longer. Costs O(n) a token in the length of the window.
 */
final class Repetitions {

    /** Beyond this power the penalty would not be a finite float any more. */
    private static final double LARGEST_LOG = 88.7228391;

    private final Sampling.Dry dry;
    private final IntFunction<byte[]> bytes;
    private final List<byte[]> breakers;
    private final Map<Integer, Boolean> breaks = new HashMap<>();
    private int[] history;
    private int size;
    private int[] matches = new int[256];

    Repetitions(Sampling.Dry dry, int[] prompt, IntFunction<byte[]> bytes) {
        this.dry = dry;
        this.bytes = bytes;
        this.breakers = dry.breakers().stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        this.history = Arrays.copyOf(prompt, prompt.length + 256);
        this.size = prompt.length;
    }

    void accept(int token) {
        if (size == history.length) {
            history = Arrays.copyOf(history, size * 2);
        }
        history[size++] = token;
    }

    void apply(float[] logits) {
        int count = dry.window() == Sampling.WHOLE_CONTEXT ? size : Math.min(size, dry.window());
        if (count <= dry.allowedLength()) {
            return;
        }
        int longest = untilBreaker(count);
        if (longest < dry.allowedLength()) {
            return;
        }
        match(count);
        var repeated = new HashMap<Integer, Integer>();
        for (int i = 1; i < count; i++) {
            int length = Math.min(matches[i], longest);
            if (length >= dry.allowedLength()) {
                repeated.merge(back(i - 1), length, Math::max);
            }
        }
        int most = dry.base() > 1.000001 ? (int) (LARGEST_LOG / Math.log(dry.base())) : Integer.MAX_VALUE;
        repeated.forEach((token, length) -> {
            if (!breaks(token)) {
                double penalty = dry.multiplier() * Math.pow(dry.base(), Math.min(length - dry.allowedLength(), most));
                // Finite at least: a constraint may leave nothing else.
                logits[token] -= (float) Math.min(penalty, 1e30);
            }
        });
    }

    /** The token so many places before the latest. */
    private int back(int distance) {
        return history[size - 1 - distance];
    }

    /** How many of the latest tokens lie behind the last breaker. */
    private int untilBreaker(int count) {
        int distance = 0;
        while (distance < count && !breaks(back(distance))) {
            distance++;
        }
        return distance;
    }

    private boolean breaks(int token) {
        return !breakers.isEmpty() && breaks.computeIfAbsent(token, unknown -> {
            var text = bytes.apply(unknown);
            return breakers.stream().anyMatch(breaker -> contains(text, breaker));
        });
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int at = 0; at + part.length <= text.length; at++) {
            if (Arrays.equals(text, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    /** For each distance how many of the latest tokens equal those from there back. */
    private void match(int count) {
        if (matches.length < count) {
            matches = new int[Math.max(count, matches.length * 2)];
        }
        int left = 0;
        int right = 0;
        for (int i = 1; i < count; i++) {
            int length = i < right ? Math.min(right - i, matches[i - left]) : 0;
            while (i + length < count && back(length) == back(i + length)) {
                length++;
            }
            matches[i] = length;
            if (i + length > right) {
                left = i;
                right = i + length;
            }
        }
    }
}
