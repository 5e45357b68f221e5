package dev.pareto.engine.grammar;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.grammar.Configurations.Frame;
import dev.pareto.engine.grammar.Configurations.State;
import dev.pareto.engine.sample.TokenConstraint;
import dev.pareto.engine.text.Tokenizer;

/**
 * A grammar on one vocabulary: which tokens may follow in each state. What a node of the automaton allows without leaving
 * its rule is found once, by walking the trie of tokens, and shared by all stacks that stand there; only tokens that
 * reach over the end of a rule are followed up for each stack (Dong et al. 2024, "XGrammar"). Masks of whole states are
 * kept too. Safe for use by any thread.
 */
final class GrammarMasks {

    private static final int MAX_MASKS = 256;
    private static final long MAX_LOCAL_BYTES = 8L << 20;
    /** Stacks so deep are walked by themselves: how far a rule may call depends on what is left. */
    private static final int DEEP = Configurations.MAX_DEPTH / 2;
    /** Of one token and the mask after it, in frames entered and nodes of the trie seen: a second or two. */
    private static final long MAX_WORK = 20_000_000;
    /** The same on a thread that must not be held up: a millisecond or two. */
    private static final long BRIEF_WORK = 20_000;
    /** Of a look at the whole vocabulary for what ends a text in time: some ten milliseconds. */
    private static final long CLOSING_WORK = 2_000_000;
    /** Of a sequence: so much in all, and so much with every token. */
    private static final long MAX_SEQUENCE_WORK = 10 * MAX_WORK;
    private static final long TOKEN_WORK = 50_000;
    private static final long[] NONE = {};

    /** What a node allows: tokens that end within its rule, and trie nodes at which the rule may have ended. */
    private record Local(long[] bits, int firstWord, int[] exits) {
        long bytes() {
            return bits.length * 8L + exits.length * 4L + 64;
        }
    }

    private final Automaton automaton;
    private final TokenTrie trie;
    private final Tokenizer tokenizer;
    private final Configurations configurations;
    private final int[] blocks;
    private final Map<Integer, Local> locals = new HashMap<>();
    private final ArrayDeque<State> masked = new ArrayDeque<>();
    /** Of everything that changes. */
    private final ReentrantLock lock = new ReentrantLock();
    private State[] path;
    private long localBytes;
    private int era;

    GrammarMasks(Grammar grammar, TokenTrie trie, Tokenizer tokenizer) {
        this.automaton = grammar.automaton();
        this.trie = trie;
        this.tokenizer = tokenizer;
        this.configurations = new Configurations(automaton);
        this.blocks = Refinement.blocks(automaton, trie.longest() + 1);
        this.path = new State[trie.longest() + 1];
    }

    /** A sequence that begins now. */
    TokenConstraint begin(Map<Integer, byte[]> markers) {
        return new Sequence(markers);
    }

    private State start() {
        lock.lock();
        try {
            configurations.allow(MAX_WORK);
            return configurations.start();
        } catch (Configurations.Exhausted _) {
            throw Configurations.tooAmbiguous();
        } finally {
            lock.unlock();
        }
    }

    private State step(State state, byte[] bytes) {
        var at = configurations.renewed(state);
        for (int i = 0; i < bytes.length && !at.isDead(); i++) {
            at = configurations.step(at, automaton.classes[bytes[i] & 0xFF]);
        }
        return at;
    }

    private long[] mask(State state) {
        var known = state.mask;
        if (known != null) {
            return known;
        }
        forget();
        long[] bits = new long[(trie.vocabulary() + 63) / 64];
        for (var frame : state.frames) {
            var parent = frame.parent;
            if (parent != null && parent.depth > DEEP) {
                walk(configurations.only(frame), 0, trie.size(), 0, Automaton.NEVER, bits);
                continue;
            }
            var local = local(frame.node);
            configurations.spend(local.bits.length / 64);
            for (int i = 0; i < local.bits.length; i++) {
                bits[local.firstWord + i] |= local.bits[i];
            }
            if (local.exits.length > 0) {
                followUp(local.exits, parent, bits);
            }
        }
        if (state.complete) {
            for (int token : trie.endTokens()) {
                bits[token >> 6] |= 1L << token;
            }
        }
        state.mask = bits;
        masked.add(state);
        if (masked.size() > MAX_MASKS) {
            masked.remove().mask = null;
        }
        return bits;
    }

    /** Lets go of states of an earlier era: each holds on to all others of its time. */
    private void forget() {
        if (era != configurations.era()) {
            era = configurations.era();
            masked.forEach(state -> state.mask = null);
            masked.clear();
            path = new State[path.length];
        }
    }

    private void followUp(int[] exits, @Nullable Frame parent, long[] bits) {
        var after = parent == null ? null : configurations.after(parent);
        for (int node : exits) {
            trie.mark(node, bits);
            if (after != null && after.frames.length > 0) {
                walk(after, node + 1, trie.end(node), trie.depth(node), Automaton.NEVER, bits);
            }
        }
    }

    /** Marks the tokens of a range of the trie that a state takes and that leave no more than so many bytes to be written. */
    private void walk(State from, int first, int end, int depth, int most, long[] bits) {
        path[depth] = from;
        for (int node = first; node < end;) {
            configurations.spend();
            int at = trie.depth(node);
            var state = configurations.step(path[at - 1], automaton.classes[trie.label(node)]);
            path[at] = state;
            if (state.isDead()) {
                node = trie.end(node);
            } else {
                if (state.shortest <= most) {
                    trie.mark(node, bits);
                }
                node = state.frames.length == 0 ? trie.end(node) : node + 1;
            }
        }
    }

    private Local local(int node) {
        var known = locals.get(blocks[node]);
        if (known != null) {
            return known;
        }
        if (localBytes > MAX_LOCAL_BYTES) {
            locals.clear();
            localBytes = 0;
        }
        var found = findLocal(node);
        locals.put(blocks[node], found);
        localBytes += found.bytes();
        return found;
    }

    private Local findLocal(int from) {
        long[] bits = new long[(trie.vocabulary() + 63) / 64];
        int[] exits = new int[16];
        int count = 0;
        path[0] = configurations.at(from);
        for (int node = 0; node < trie.size();) {
            configurations.spend();
            int at = trie.depth(node);
            var state = configurations.step(path[at - 1], automaton.classes[trie.label(node)]);
            path[at] = state;
            if (state.complete) {
                if (count == exits.length) {
                    exits = Arrays.copyOf(exits, count * 2);
                }
                exits[count++] = node;
            }
            if (state.frames.length > 0) {
                trie.mark(node, bits);
                node++;
            } else {
                node = trie.end(node);
            }
        }
        int first = 0;
        int last = bits.length;
        while (first < last && bits[first] == 0) {
            first++;
        }
        while (last > first && bits[last - 1] == 0) {
            last--;
        }
        return new Local(Arrays.copyOfRange(bits, first, last), first, Arrays.copyOf(exits, count));
    }

    private final class Sequence implements TokenConstraint {

        /** What stands for each of the control tokens that may be drawn. */
        private final Map<Integer, byte[]> markers;
        private State state = start();
        /** Drawn but not yet followed; or -1. */
        private int drawn = -1;
        /** What may follow; null until that is worked out. */
        private long @Nullable [] next;
        private long workLeft = MAX_SEQUENCE_WORK;
        private boolean ended;

        Sequence(Map<Integer, byte[]> markers) {
            this.markers = markers;
        }

        @Override
        public boolean ready() {
            if (ended || next != null) {
                return true;
            }
            if (!lock.tryLock()) {
                return false; // somebody works out a long one
            }
            try {
                return advance(BRIEF_WORK);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void prepare() {
            if (ended || next != null) {
                return;
            }
            lock.lock();
            try {
                if (!advance(Math.min(MAX_WORK, workLeft))) {
                    throw workLeft > 0 ? Configurations.tooAmbiguous() : tooDear();
                }
            } finally {
                lock.unlock();
            }
        }

        private static EngineException.InvalidRequest tooDear() {
            return new EngineException.InvalidRequest("the grammar costs too much to be followed: with every token "
                    + "there are very many ways to read on; make it simpler");
        }

        /** Follows the token drawn and works out what may come then; false if that takes more work than allowed. */
        private boolean advance(long work) {
            configurations.allow(work);
            try {
                if (drawn >= 0) {
                    follow(drawn);
                    drawn = -1;
                }
                next = withMarkers(mask(state), Automaton.NEVER);
                return true;
            } catch (Configurations.Exhausted _) {
                return false;
            } finally {
                workLeft -= work - configurations.left();
            }
        }

        private State after(int token) {
            var marker = markers.get(token);
            return step(state, marker == null ? tokenizer.bytes(token) : marker);
        }

        private void follow(int token) {
            var after = after(token);
            if (after.isDead()) {
                throw new EngineException.ComputationFailed("token " + token + " was drawn although the grammar has no "
                        + "place for it", null);
            }
            state = after;
        }

        private long[] withMarkers(long[] bits, int most) {
            var all = bits;
            boolean own = false; // the mask is shared
            for (var marker : markers.entrySet()) {
                var after = step(state, marker.getValue());
                if (!after.isDead() && after.shortest <= most) {
                    all = own ? all : bits.clone();
                    own = true;
                    all[marker.getKey() >> 6] |= 1L << marker.getKey();
                }
            }
            return all;
        }

        @Override
        public long[] allowed() {
            prepare();
            long[] bits = Objects.requireNonNullElse(next, NONE);
            for (long word : bits) {
                if (word != 0) {
                    return bits;
                }
            }
            throw new EngineException.InvalidRequest(
                    "the grammar cannot go on here: no token of the model's vocabulary "
                            + "continues what was written, and it is not complete");
        }

        @Override
        public long @Nullable [] closing(int token, int left) {
            int most = left - 1;
            if (tokenizer.isEndOfGeneration(token) || state.shortest > left || !lock.tryLock()) {
                return null; // behind the lock somebody works out a long one: not worth being held up
            }
            try {
                configurations.allow(CLOSING_WORK);
                return after(token).shortest <= most ? null : closing(most);
            } catch (Configurations.Exhausted _) {
                return null;
            } finally {
                lock.unlock();
            }
        }

        private long @Nullable [] closing(int most) {
            forget();
            long[] bits = new long[(trie.vocabulary() + 63) / 64];
            walk(configurations.renewed(state), 0, trie.size(), 0, most, bits);
            bits = withMarkers(bits, most);
            return Arrays.stream(bits).allMatch(word -> word == 0) ? null : bits;
        }

        @Override
        public void accept(int token) {
            if (drawn >= 0) {
                prepare(); // nobody asked what may follow that one
            }
            if (tokenizer.isEndOfGeneration(token)) {
                ended = true;
                return;
            }
            drawn = token;
            next = null;
            workLeft = Math.min(MAX_SEQUENCE_WORK, workLeft + TOKEN_WORK);
        }

        @Override
        public boolean finished() {
            prepare();
            return ended || (state.complete && state.frames.length == 0);
        }
    }
}
