package dev.pareto.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;

/**
 * Runs an automaton on stacks: all ways in which a text can be read so far are one {@link State}. States and frames are
 * kept and shared, so that each step is worked out once and then looked up; beyond a bound all are forgotten and begun
 * anew, which costs time but changes nothing. Calls are followed to a depth from which every text can still be ended.
 * Not thread-safe.
 */
final class Configurations {

    /** Open calls at most. */
    static final int MAX_DEPTH = 512;
    private static final int MAX_FRAMES_OF_STATE = 4096;
    private static final int MAX_FRAMES = 500_000;
    /** What all states refer to, in frames and next states: four to thirty bytes each. */
    static final int MAX_REFERENCES = 2_000_000;
    /** What a state takes beside those, in as many of them. */
    private static final int STATE = 50;

    /** A node to go on at, and what to go back to at the end of its rule; null at the bottom. */
    static final class Frame {

        final int node;
        final @Nullable Frame parent;
        /** Open calls, this one included when it is a parent. */
        final int depth;
        /** Bytes of the shortest text from here to the end of all. */
        final int shortest;
        private final int number;

        private Frame(int node, @Nullable Frame parent, int rest, int number) {
            this.node = node;
            this.parent = parent;
            this.depth = parent == null ? 1 : parent.depth + 1;
            this.shortest = Math.min(Automaton.NEVER, rest + (parent == null ? 0 : parent.shortest));
            this.number = number;
        }
    }

    /** Where reading may stand; dead if it has no frames and is not complete. */
    static final class State {

        /** Those whose node takes bytes. */
        final Frame[] frames;
        /** Whether the text may end here. */
        final boolean complete;
        /** Bytes that have to follow at least. */
        final int shortest;
        private final @Nullable State[] next;
        private final int era;
        /** Kept here by {@link GrammarMasks}. */
        long @Nullable [] mask;

        private State(Frame[] frames, boolean complete, int classes, int era) {
            this.frames = frames;
            this.complete = complete;
            this.shortest = complete
                    ? 0
                    : Arrays.stream(frames).mapToInt(frame -> frame.shortest).min().orElse(Automaton.NEVER);
            this.next = new State[classes];
            this.era = era;
        }

        boolean isDead() {
            return frames.length == 0 && !complete;
        }
    }

    private record FrameKey(int node, int parent) {}

    private record StateKey(List<Integer> frames, boolean complete) {}

    private final Automaton automaton;
    private final Map<FrameKey, Frame> frames = new HashMap<>();
    private final Map<StateKey, State> states = new HashMap<>();
    private int nextNumber;
    private int references;
    private long budget = Long.MAX_VALUE;
    private int era;

    private final ArrayList<Frame> found = new ArrayList<>();
    private final HashSet<Frame> visited = new HashSet<>();
    private final ArrayList<Frame> open = new ArrayList<>();
    private boolean complete;

    Configurations(Automaton automaton) {
        this.automaton = automaton;
    }

    /** Lets so much work be done before {@link Exhausted} is thrown. */
    void allow(long work) {
        budget = work;
    }

    /** What is left of that. */
    long left() {
        return Math.max(0, budget);
    }

    /** Grows whenever all states are forgotten; those of an earlier one still hold. */
    int era() {
        return era;
    }

    /** What the states that are kept refer to. */
    int references() {
        return references;
    }

    /** Counts work. */
    void spend() {
        spend(1);
    }

    /** Counts so much of it. */
    void spend(long work) {
        budget -= work;
        if (budget < 0) {
            throw new Exhausted();
        }
    }

    /** More work would be needed than was allowed. */
    static final class Exhausted extends RuntimeException {

        private static final long serialVersionUID = 1;

        private Exhausted() {
            super("more work than allowed", null, false, false);
        }
    }

    static EngineException.InvalidRequest tooAmbiguous() {
        return new EngineException.InvalidRequest(
                "the grammar is too ambiguous to be followed: a text can be read in too many ways at once");
    }

    /** Before the first byte. */
    State start() {
        begin();
        enter(automaton.root, null);
        return finish();
    }

    /** At a node of a rule that was called from nowhere, without what its calls may take. */
    State at(int node) {
        begin();
        found.add(frame(node, null));
        return finish();
    }

    /** Where reading goes on once the rule that these frames belong to ends. */
    State after(Frame parent) {
        begin();
        enter(parent.node, parent.parent);
        return finish();
    }

    /** The one frame by itself. */
    State only(Frame frame) {
        begin();
        found.add(frame);
        return finish();
    }

    /** Where a byte of this class leads; perhaps to a dead state. */
    State step(State state, int byteClass) {
        var known = state.next[byteClass];
        if (known != null && known.era == era) {
            return known;
        }
        begin();
        int value = automaton.samples[byteClass];
        for (var frame : state.frames) {
            int target = automaton.step(frame.node, value);
            if (target >= 0) {
                enter(target, frame.parent);
            }
        }
        var next = finish();
        // A state of an earlier era keeps none of this one: else it would hold on to what was forgotten.
        if (state.era == era) {
            state.next[byteClass] = next;
        }
        return next;
    }

    /** The same state as this era knows it. */
    State renewed(State state) {
        if (state.era == era) {
            return state;
        }
        begin();
        found.addAll(Arrays.asList(state.frames));
        complete = state.complete;
        return finish();
    }

    private void begin() {
        found.clear();
        visited.clear();
        open.clear();
        complete = false;
        if (frames.size() > MAX_FRAMES || references > MAX_REFERENCES) {
            frames.clear();
            states.clear();
            references = 0;
            era++;
        }
    }

    private void enter(int node, @Nullable Frame parent) {
        push(node, parent);
        while (!open.isEmpty()) {
            var frame = open.removeLast();
            spend();
            if (!visited.add(frame)) {
                continue;
            }
            int at = frame.node;
            var above = frame.parent;
            if (automaton.accepting[at]) {
                if (above == null) {
                    complete = true;
                } else {
                    push(above.node, above.parent);
                }
            }
            if (automaton.bytes[at].length > 0) {
                found.add(frame);
                if (found.size() > MAX_FRAMES_OF_STATE) {
                    throw tooAmbiguous();
                }
            }
            int[] calls = automaton.calls[at];
            for (int i = 0; i < calls.length; i += 2) {
                // What returns to nothing but an end returns further up: right recursion does not deepen the stack.
                if (automaton.isEnd(calls[i + 1])) {
                    push(calls[i], above);
                } else if (fits(calls[i + 1], above)) {
                    push(calls[i], frame(calls[i + 1], above));
                }
            }
        }
    }

    private void push(int node, @Nullable Frame parent) {
        if (fits(node, parent)) {
            open.add(frame(node, parent));
        }
    }

    private boolean fits(int node, @Nullable Frame parent) {
        return (parent == null ? 0 : parent.depth) + automaton.need[node] <= MAX_DEPTH;
    }

    private Frame frame(int node, @Nullable Frame parent) {
        return frames.computeIfAbsent(new FrameKey(node, parent == null ? -1 : parent.number),
                _ -> new Frame(node, parent, automaton.shortest[node], nextNumber++));
    }

    private State finish() {
        found.sort((a, b) -> Integer.compare(a.number, b.number));
        var numbers = new ArrayList<Integer>(found.size());
        found.forEach(frame -> numbers.add(frame.number));
        return states.computeIfAbsent(new StateKey(numbers, complete), key -> {
            references += STATE + found.size() + automaton.samples.length;
            return new State(found.toArray(Frame[]::new), key.complete, automaton.samples.length, era);
        });
    }
}
