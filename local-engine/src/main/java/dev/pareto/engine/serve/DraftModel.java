package dev.pareto.engine.serve;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.draft.Drafter;
import dev.pareto.engine.draft.History;
import dev.pareto.engine.serve.BatchModel.Output;
import dev.pareto.engine.serve.BatchModel.Rows;
import dev.pareto.engine.serve.BatchModel.Slice;

/**
 * A smaller model that guesses for the sequences of another (Leviathan et al. 2023): its likeliest tokens, one by one. It
 * keeps pages of its own; a sequence for which there are none is not guessed for. Confined to the compute thread but for
 * {@link #reservedBytes}.
 */
final class DraftModel {

    private static final int[] NONE = new int[0];

    private final BatchModel model;
    private final Caches caches;
    private final int chunk;

    /**
     * @param cacheBytes the most memory that its pages take
     * @param chunk tokens that it reads of a prompt in one step of the other model
     */
    DraftModel(BatchModel model, long cacheBytes, int chunk) {
        this.model = model;
        this.caches = new Caches(model, cacheBytes);
        this.chunk = Math.min(chunk, model.maxBatch());
    }

    /** Bytes of the pages that running sequences have or may take. */
    long reservedBytes() {
        return caches.reservedBytes();
    }

    /** For a sequence of at most so many tokens. */
    Drafter begin(int capacity) {
        return new Sequence(Math.min(capacity, caches.most()));
    }

    private final class Sequence implements Drafter {

        private final int capacity;
        private @Nullable Lease lease;
        /** Tokens of the history that the cache holds; guesses come after them. */
        private int read;
        private int[] guesses = NONE;

        Sequence(int capacity) {
            this.capacity = capacity;
        }

        @Override
        public int[] draft(History history, int most) {
            if (history.size() > capacity) {
                return NONE;
            }
            if (lease == null) {
                lease = caches.lease(NONE, capacity, null);
                if (lease == null) {
                    return NONE;
                }
            }
            keepWhatWasRight(lease, history);
            if (history.size() - read > chunk) {
                feed(lease, history.copy(read, read + chunk), Output.NONE);
                read += chunk;
                return NONE;
            }
            var next = history.copy(read, history.size());
            read = history.size();
            int count = Math.min(most, capacity - read + 1);
            guesses = new int[count];
            for (int i = 0; i < count; i++) {
                guesses[i] = likeliest(feed(lease, next, Output.LOGITS));
                next = new int[]{guesses[i]};
            }
            return guesses.clone();
        }

        /** The last token is always read, for what comes after it. */
        private void keepWhatWasRight(Lease held, History history) {
            for (int i = 0; i < guesses.length - 1 && read < history.size() - 1
                    && history.get(read) == guesses[i]; i++) {
                read++;
            }
            read = Math.min(read, history.size() - 1);
            guesses = NONE;
            held.truncate(read);
        }

        private Rows feed(Lease held, int[] tokens, Output output) {
            held.grow(tokens.length);
            return model.forward(List.of(new Slice(held.cache(), tokens, output))).getFirst();
        }

        @Override
        public void close() {
            if (lease != null) {
                lease.release();
                lease = null;
            }
        }
    }

    private static int likeliest(Rows rows) {
        int best = 0;
        for (int token = 1; token < rows.width(); token++) {
            if (rows.values()[rows.offset() + token] > rows.values()[rows.offset() + best]) {
                best = token;
            }
        }
        return best;
    }
}
