package dev.pareto.engine.serve;

import java.util.List;

import dev.pareto.engine.model.ReadingShape;

/**
 * What the scheduler needs of a model: one step computes pieces of several sequences together. Called by one thread at
 * a time.
 */
public interface BatchModel {

    /** Keys and values of {@link #pageTokens} tokens, of one sequence or of several that begin alike. */
    interface Page {}

    /** One sequence: a table of pages. It grows by the tokens of each slice, for which it must have pages. */
    interface Cache {

        /** Adds a page for tokens to come. Its old contents do not matter. */
        void add(Page page);

        /** Adds a page of tokens that are computed already, after the very same tokens. All pages before are full. */
        void addFull(Page page);

        /** Forgets all but so many tokens; pages stay. What is left ends no earlier than the pages of {@link #addFull}. */
        void truncate(int tokens);
    }

    /** What a slice is computed for. */
    enum Output {
        /** Only the cache: more of the prompt follows. */
        NONE,
        /** One row: the logits after the last token of the slice. */
        LOGITS,
        /** A row for each token of the slice: the logits after it. */
        EACH,
        /** A row for each token of the slice: the final hidden state, normalised as for the output matrix. */
        HIDDEN
    }

    /**
     * The next tokens of one sequence.
     *
     * @param tokens at least one, and no more than the cache has pages for; read-only
     * @param second the index at which the second of two texts begins that an encoder reads together; else the length
     */
    @SuppressWarnings("ArrayRecordComponent") // passed down once, never compared
    record Slice(Cache cache, int[] tokens, Output output, int second) {

        /** Of one text. */
        public Slice(Cache cache, int[] tokens, Output output) {
            this(cache, tokens, output, tokens.length);
        }
    }

    /**
     * What a slice yields: {@code count} rows of {@code width} floats, one after the other from {@code offset}.
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of the model's own buffer
    record Rows(float[] values, int offset, int width, int count) {

        /** Of a slice that asked for none. */
        public static final Rows NONE = new Rows(new float[0], 0, 0, 0);
    }

    /** The number of tokens there are. */
    int vocabulary();

    /** The most tokens of one sequence. */
    int contextLength();

    /** How texts are read. An encoder computes each sequence in one slice, for {@link Output#HIDDEN} only. */
    default ReadingShape reading() {
        return ReadingShape.WRITER;
    }

    /** The scores of a pooled state; only asked for where {@link #reading} has labels. */
    default float[] classify(float[] state) {
        throw new IllegalStateException("the model has no classifier");
    }

    /** The most tokens of all slices of a batch together. */
    int maxBatch();

    /** Tokens of a page. */
    int pageTokens();

    /** Memory that a page takes. */
    long pageBytes();

    /** A page that nobody uses. */
    Page newPage();

    /** A cache without pages for at most so many tokens. */
    Cache newCache(int capacity);

    /** Sequences may share pages only if this is the same for their capacities. */
    int variant(int capacity);

    /**
     * Computes every slice. Slices of one batch have different caches.
     *
     * @return the rows of each slice, in the order of the batch; valid until the next call
     */
    List<Rows> forward(List<Slice> batch);
}
