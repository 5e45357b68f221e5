package dev.pareto.engine.serve;

import java.util.ArrayList;
import java.util.List;

import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.model.KvCache;
import dev.pareto.engine.model.LogitsWanted;
import dev.pareto.engine.model.ReadingShape;

/** A decoder as the scheduler sees it. */
public final class DecoderModel implements BatchModel {

    /** Caches take memory in pages of so many tokens. */
    private static final int PAGE = 64;

    private final Decoder decoder;

    private record Held(KvCache tokens) implements Cache {}

    /** Computes with this decoder, which nobody else may call from now on. */
    public DecoderModel(Decoder decoder) {
        this.decoder = decoder;
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
    public long cacheBytes(int capacity) {
        return (long) Math.ceilDiv(capacity, PAGE) * PAGE * decoder.shape().cacheFloatsPerToken() * Float.BYTES;
    }

    @Override
    public Cache newCache(int capacity) {
        return new Held(decoder.newCache(capacity));
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
                case HIDDEN -> forStates.add(convert(slice, LogitsWanted.ALL));
            }
        }
        var states = forStates.isEmpty() ? new float[0][] : decoder.states(forStates);
        var logits = forLogits.isEmpty() ? null : decoder.forward(forLogits);
        var rows = new ArrayList<Rows>(batch.size());
        int nextLogits = 0;
        int nextState = 0;
        for (var slice : batch) {
            if (slice.output() == Output.HIDDEN) {
                rows.add(joined(states, nextState, slice.tokens().length));
                nextState += slice.tokens().length;
            } else if (slice.output() == Output.LOGITS && logits != null) {
                rows.add(new Rows(logits.values(), logits.offset(nextLogits++), vocabulary(), 1));
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
        return new dev.pareto.engine.model.Slice(((Held) slice.cache()).tokens(), slice.tokens(), 0,
                slice.tokens().length, wanted, slice.second());
    }
}
