package dev.pareto.engine.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

import dev.pareto.engine.model.ReadingShape;

/**
 * A model whose next token is a function of all tokens before it, so that any mixing of sequences shows. Counts and keeps
 * what it was asked to compute.
 */
class FakeModel implements BatchModel {

    static final int CONTEXT = 4096;
    static final int PAGE = 10;
    static final long PAGE_BYTES = 100;

    final List<List<Slice>> batches = new ArrayList<>();
    final List<Thread> threads = new ArrayList<>();
    Runnable duringForward = () -> {};
    ReadingShape reading = ReadingShape.WRITER;
    IntUnaryOperator variant = capacity -> 0;
    int pagesMade;
    private final ToIntFunction<List<Integer>> next;

    /** Holds the tokens themselves, so that a page in the wrong hands shows. */
    static final class FakePage implements Page {

        final int[] tokens = new int[PAGE];
    }

    static final class FakeCache implements Cache {

        final List<FakePage> pages = new ArrayList<>();
        final int capacity;
        int length;

        FakeCache(int capacity) {
            this.capacity = capacity;
        }

        @Override
        public void add(Page page) {
            pages.add((FakePage) page);
        }

        @Override
        public void addFull(Page page) {
            if (length != pages.size() * PAGE) {
                throw new IllegalStateException("a full page in the midst of another");
            }
            add(page);
            length += PAGE;
        }

        @Override
        public void truncate(int tokens) {
            if (tokens > length) {
                throw new IllegalArgumentException("longer than it is");
            }
            length = tokens;
        }

        void append(int token) {
            if (length == capacity) {
                throw new IllegalArgumentException("the cache is full");
            }
            pages.get(length / PAGE).tokens[length % PAGE] = token;
            length++;
        }

        List<Integer> tokens() {
            return IntStream.range(0, length).mapToObj(i -> pages.get(i / PAGE).tokens[i % PAGE]).toList();
        }
    }

    FakeModel(ToIntFunction<List<Integer>> next) {
        this.next = next;
    }

    /** Answers with printable characters that depend on everything before. */
    static FakeModel scrambler() {
        return new FakeModel(history -> 'a' + Math.floorMod(history.hashCode(), 26));
    }

    /** Answers every prompt with the same bytes, then ends its turn. */
    static FakeModel saying(int promptLength, byte... bytes) {
        return new FakeModel(history -> {
            int at = history.size() - promptLength;
            return at < bytes.length ? Byte.toUnsignedInt(bytes[at]) : FakeTokenizer.END;
        });
    }

    @Override
    public int vocabulary() {
        return FakeTokenizer.SIZE;
    }

    @Override
    public int contextLength() {
        return CONTEXT;
    }

    @Override
    public ReadingShape reading() {
        return reading;
    }

    /** The sum, so that a state and its score are told apart. */
    @Override
    public float[] classify(float[] state) {
        return new float[]{state[0] + state[1]};
    }

    @Override
    public int maxBatch() {
        return 512;
    }

    @Override
    public int pageTokens() {
        return PAGE;
    }

    @Override
    public long pageBytes() {
        return PAGE_BYTES;
    }

    @Override
    public Page newPage() {
        pagesMade++;
        return new FakePage();
    }

    @Override
    public int variant(int capacity) {
        return variant.applyAsInt(capacity);
    }

    @Override
    public Cache newCache(int capacity) {
        return new FakeCache(capacity);
    }

    @Override
    public List<Rows> forward(List<Slice> batch) {
        batches.add(batch);
        threads.add(Thread.currentThread());
        duringForward.run();
        var caches = new HashSet<Cache>();
        var rows = new ArrayList<Rows>();
        for (var slice : batch) {
            var cache = (FakeCache) slice.cache();
            if (!caches.add(cache)) {
                throw new IllegalArgumentException("two slices of one cache");
            }
            int before = cache.length;
            Arrays.stream(slice.tokens()).forEach(cache::append);
            rows.add(switch (slice.output()) {
                case NONE -> Rows.NONE;
                case LOGITS -> new Rows(logits(cache.tokens()), 3, vocabulary(), 1);
                case EACH -> each(cache.tokens(), before);
                case HIDDEN -> new Rows(states(slice.tokens()), 0, 2, slice.tokens().length);
            });
        }
        return rows;
    }

    int largestBatch() {
        return batches.stream().mapToInt(List::size).max().orElse(0);
    }

    private float[] logits(List<Integer> history) {
        int token = next.applyAsInt(history);
        var logits = new float[vocabulary() + 5]; // offset 3: rows lie within a larger buffer
        Arrays.fill(logits, token < 0 ? Float.NaN : -1);
        logits[3 + Math.max(0, token)] = token < 0 ? Float.NaN : 2;
        return logits;
    }

    private Rows each(List<Integer> tokens, int before) {
        int count = tokens.size() - before;
        var values = new float[3 + count * vocabulary()];
        for (int i = 0; i < count; i++) {
            System.arraycopy(logits(tokens.subList(0, before + i + 1)), 3, values, 3 + i * vocabulary(), vocabulary());
        }
        return new Rows(values, 3, vocabulary(), count);
    }

    private static float[] states(int[] tokens) {
        var states = new float[tokens.length * 2];
        for (int i = 0; i < tokens.length; i++) {
            states[2 * i] = tokens[i];
            states[2 * i + 1] = 1;
        }
        return states;
    }
}
