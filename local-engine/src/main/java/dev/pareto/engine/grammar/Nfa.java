package dev.pareto.engine.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

import dev.pareto.engine.EngineException;

/**
 * Thompson's automata of all rules: states with edges that are empty, take a range of bytes, or call a rule. A call of a
 * rule that may be empty has an empty edge beside it.
 */
final class Nfa {

    static final int EMPTY = -1;
    static final int CALL = -2;
    static final int MARKER_BEGINS = 0xFF;
    static final int MARKER_ENDS = 0xFE;
    private static final int MAX_EDGES = 2_000_000;
    /** What matches nothing has states without edges, however often it is repeated. */
    private static final int MAX_STATES = 2 * MAX_EDGES;
    /** How deep expressions and rules written out within them may nest; deeper ones are called instead. */
    private static final int MAX_DEPTH = 200;

    private final RuleGraph rules;
    private final Map<String, Integer> ruleNumbers;
    private int states;
    private int edges;
    /** The newest edge of each state. */
    private int[] heads = new int[1024];
    private int[] nexts = new int[1024];
    /** The lowest byte, {@link #EMPTY} or {@link #CALL}. */
    private int[] lows = new int[1024];
    /** The highest byte, or the number of the rule called. */
    private int[] highs = new int[1024];
    private int[] targets = new int[1024];

    Nfa(RuleGraph rules, Map<String, Integer> ruleNumbers) {
        this.rules = rules;
        this.ruleNumbers = ruleNumbers;
    }

    int state() {
        if (states == MAX_STATES) {
            throw tooLarge();
        }
        if (states == heads.length) {
            heads = Arrays.copyOf(heads, states * 2);
        }
        heads[states] = -1;
        return states++;
    }

    /** The newest edge of a state, or -1. */
    int head(int state) {
        return heads[state];
    }

    /** The edge of the same state before this one, or -1. */
    int next(int edge) {
        return nexts[edge];
    }

    int low(int edge) {
        return lows[edge];
    }

    int high(int edge) {
        return highs[edge];
    }

    int target(int edge) {
        return targets[edge];
    }

    private void edge(int from, int low, int high, int to) {
        if (edges == MAX_EDGES) {
            throw tooLarge();
        }
        if (edges == targets.length) {
            nexts = Arrays.copyOf(nexts, edges * 2);
            lows = Arrays.copyOf(lows, edges * 2);
            highs = Arrays.copyOf(highs, edges * 2);
            targets = Arrays.copyOf(targets, edges * 2);
        }
        nexts[edges] = heads[from];
        lows[edges] = low;
        highs[edges] = high;
        targets[edges] = to;
        heads[from] = edges++;
    }

    private static EngineException.InvalidRequest tooLarge() {
        return new EngineException.InvalidRequest("the grammar is too large: repetitions and choices, written out, "
                + "need more than " + MAX_EDGES + " steps; lower its counts");
    }

    /** Adds what leads from one state to another by the texts of an expression. */
    void add(Expression expression, int from, int to) {
        add(expression, from, to, 0);
    }

    private void add(Expression expression, int from, int to, int depth) {
        switch (expression) {
            case Expression.Text text -> text(text.value().getBytes(StandardCharsets.UTF_8), from, to);
            case Expression.Marker marker -> {
                text(marker.name().getBytes(StandardCharsets.UTF_8), from, to);
                text(marker(marker.name()), from, to);
            }
            case Expression.Characters characters -> new Utf8(to).add(characters.set(), from);
            case Expression.Sequence sequence -> {
                int at = from;
                int left = sequence.parts().size();
                if (left == 0) {
                    edge(from, EMPTY, 0, to);
                }
                for (var part : sequence.parts()) {
                    int end = --left == 0 ? to : state();
                    add(part, at, end, depth + 1);
                    at = end;
                }
            }
            case Expression.Choice choice -> choice.options().forEach(option -> add(option, from, to, depth + 1));
            case Expression.Repeat repeat -> repeat(repeat, from, to, depth + 1);
            case Expression.Reference reference -> {
                if (depth < MAX_DEPTH && rules.isShort(reference.rule())) {
                    int inside = state();
                    int end = state();
                    edge(from, EMPTY, 0, inside);
                    add(rules.body(reference.rule()), inside, end, depth + 1);
                    edge(end, EMPTY, 0, to);
                } else {
                    edge(from, CALL, Objects.requireNonNull(ruleNumbers.get(reference.rule())), to);
                    if (rules.isNullable(reference.rule())) {
                        edge(from, EMPTY, 0, to);
                    }
                }
            }
        }
    }

    /** What stands for a control token: bytes that no text has around its name. */
    static byte[] marker(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[text.length + 2];
        System.arraycopy(text, 0, bytes, 1, text.length);
        bytes[0] = (byte) MARKER_BEGINS;
        bytes[bytes.length - 1] = (byte) MARKER_ENDS;
        return bytes;
    }

    private void text(byte[] bytes, int from, int to) {
        if (bytes.length == 0) {
            edge(from, EMPTY, 0, to);
        }
        int at = from;
        for (int i = 0; i < bytes.length; i++) {
            int end = i + 1 == bytes.length ? to : state();
            edge(at, bytes[i] & 0xFF, bytes[i] & 0xFF, end);
            at = end;
        }
    }

    private void repeat(Expression.Repeat repeat, int from, int to, int depth) {
        int at = from;
        for (int i = 0; i < repeat.least(); i++) {
            int end = state();
            add(repeat.part(), at, end, depth);
            at = end;
        }
        if (repeat.most() == Expression.UNLIMITED) {
            int loop = state();
            edge(at, EMPTY, 0, loop);
            add(repeat.part(), loop, loop, depth);
            edge(loop, EMPTY, 0, to);
            return;
        }
        for (int i = repeat.least(); i < repeat.most(); i++) {
            edge(at, EMPTY, 0, to);
            int end = state();
            add(repeat.part(), at, end, depth);
            at = end;
        }
        edge(at, EMPTY, 0, to);
    }

    /** Ranges of characters as ranges of bytes, by splitting at the lengths and continuation bytes of UTF-8. */
    private final class Utf8 {

        private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

        /** From {@code tails[k]} any k continuation bytes lead to the end. */
        private final int[] tails = {-1, -1, -1, -1};

        Utf8(int to) {
            tails[0] = to;
        }

        void add(CodePoints set, int from) {
            for (int i = 0; i < set.count(); i++) {
                int low = set.first(i);
                for (int last : LAST_OF_LENGTH) {
                    int high = Math.min(set.last(i), last);
                    if (low <= high) {
                        add(from, bytes(low), bytes(high), 0);
                        low = high + 1;
                    }
                }
            }
        }

        private byte[] bytes(int code) {
            return Character.toString(code).getBytes(StandardCharsets.UTF_8);
        }

        private void add(int from, byte[] low, byte[] high, int at) {
            int rest = low.length - 1 - at;
            int first = low[at] & 0xFF;
            int last = high[at] & 0xFF;
            if (rest == 0) {
                edge(from, first, last, tails[0]);
                return;
            }
            if (first == last) {
                int next = state();
                edge(from, first, first, next);
                add(next, low, high, at + 1);
                return;
            }
            if (!all(low, at + 1, 0x80)) {
                int next = state();
                edge(from, first, first, next);
                add(next, low, filled(low, at + 1, 0xBF), at + 1);
                first++;
            }
            if (!all(high, at + 1, 0xBF)) {
                int next = state();
                edge(from, last, last, next);
                add(next, filled(high, at + 1, 0x80), high, at + 1);
                last--;
            }
            if (first <= last) {
                edge(from, first, last, tail(rest));
            }
        }

        private int tail(int count) {
            if (tails[count] < 0) {
                int next = tail(count - 1);
                tails[count] = state();
                edge(tails[count], 0x80, 0xBF, next);
            }
            return tails[count];
        }

        private boolean all(byte[] bytes, int from, int value) {
            for (int i = from; i < bytes.length; i++) {
                if ((bytes[i] & 0xFF) != value) {
                    return false;
                }
            }
            return true;
        }

        private byte[] filled(byte[] bytes, int from, int value) {
            var copy = bytes.clone();
            Arrays.fill(copy, from, copy.length, (byte) value);
            return copy;
        }
    }
}
