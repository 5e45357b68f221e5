package dev.pareto.engine.serve;

import java.util.ArrayList;
import java.util.List;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.model.KvCache;
import dev.pareto.engine.model.KvPage;
import dev.pareto.engine.model.LogitsWanted;
import dev.pareto.engine.model.ReadingShape;

/** A decoder as the scheduler sees it. */
public final class DecoderModel implements BatchModel {

    private final Decoder decoder;
    private final CacheType cacheType;

    private record HeldPage(KvPage page) implements Page {}

    private record HeldCache(KvCache tokens) implements Cache {

        @Override
        public void add(Page page) {
            tokens.add(((HeldPage) page).page);
        }

        @Override
        public void addFull(Page page) {
            tokens.addFull(((HeldPage) page).page);
        }

        @Override
        public void truncate(int length) {
            tokens.truncate(length);
        }
    }

    /** Computes with this decoder, which nobody else may call from now on. */
    public DecoderModel(Decoder decoder, CacheType cacheType) {
        this.decoder = decoder;
        this.cacheType = cacheType;
    }

    @Override
    public int vocabulary() {
        return decoder.shape().vocabulary();
    }

    @Override
    public int contextLength() {
        return decoder.shape().contextLength();
    }

    @Override
    public ReadingShape reading() {
        return decoder.reading();
    }

    @Override
    public float[] classify(float[] state) {
        return decoder.classify(state);
    }

    @Override
    public int maxBatch() {
        return decoder.maxBatch();
    }

    @Override
    public int pageTokens() {
        return KvPage.TOKENS;
    }

    @Override
    public long pageBytes() {
        return decoder.pageBytes(cacheType);
    }

    @Override
    public Page newPage() {
        return new HeldPage(decoder.newPage(cacheType));
    }

    @Override
    public Cache newCache(int capacity) {
        return new HeldCache(decoder.newCache(capacity, null));
    }

    @Override
    public int variant(int capacity) {
        return decoder.variant(capacity);
    }

    /** Slices for hidden states run apart from those for logits: two passes where a batch has both. */
    @Override
    public List<Rows> forward(List<Slice> batch) {
        var forLogits = new ArrayList<dev.pareto.engine.model.Slice>();
        var forStates = new ArrayList<dev.pareto.engine.model.Slice>();
        for (var slice : batch) {
            switch (slice.output()) {
                case NONE -> forLogits.add(convert(slice, LogitsWanted.NONE));
                case LOGITS -> forLogits.add(convert(slice, LogitsWanted.LAST));
                case EACH -> forLogits.add(convert(slice, LogitsWanted.ALL));
                case HIDDEN -> forStates.add(convert(slice, LogitsWanted.ALL));
            }
        }
        var states = forStates.isEmpty() ? new float[0][] : decoder.states(forStates);
        var logits = forLogits.isEmpty() ? null : decoder.forward(forLogits);
        var rows = new ArrayList<Rows>(batch.size());
        int nextLogits = 0;
        int nextState = 0;
        for (var slice : batch) {
            int count = slice.output() == Output.LOGITS ? 1 : slice.tokens().length;
            if (slice.output() == Output.HIDDEN) {
                rows.add(joined(states, nextState, count));
                nextState += count;
            } else if (slice.output() != Output.NONE && logits != null) {
                rows.add(new Rows(logits.values(), logits.offset(nextLogits), vocabulary(), count));
                nextLogits += count;
            } else {
                rows.add(Rows.NONE);
            }
        }
        return rows;
    }

    private Rows joined(float[][] states, int from, int count) {
        int width = decoder.shape().embedding();
        var values = new float[count * width];
        for (int i = 0; i < count; i++) {
            System.arraycopy(states[from + i], 0, values, i * width, width);
        }
        return new Rows(values, 0, width, count);
    }

    private static dev.pareto.engine.model.Slice convert(Slice slice, LogitsWanted wanted) {
        return new dev.pareto.engine.model.Slice(((HeldCache) slice.cache()).tokens(), slice.tokens(), 0,
                slice.tokens().length, wanted, slice.second());
    }
}
