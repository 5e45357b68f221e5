package dev.pareto.engine.text;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What vocabularies of tests have in common: one token ends answers and is control, and nothing is encoded. */
public abstract class StubTokenizer implements Tokenizer {

    private final int end;

    /** @param end the token that ends answers */
    protected StubTokenizer(int end) {
        this.end = end;
    }

    @Override
    public int[] encode(List<Segment> segments, boolean addSpecial) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String name(int token) {
        return "<" + token + ">";
    }

    @Override
    public @Nullable Integer find(String name) {
        return null;
    }

    @Override
    public byte[] decodeBytes(int[] tokens) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Integer beginOfText() {
        return null;
    }

    @Override
    public Integer endOfText() {
        return end;
    }

    @Override
    public boolean addsBeginOfText() {
        return false;
    }

    @Override
    public boolean addsEndOfText() {
        return false;
    }

    @Override
    public boolean isEndOfGeneration(int token) {
        return token == end;
    }

    @Override
    public boolean isControl(int token) {
        return token == end;
    }

    @Override
    public Map<String, Integer> specialTokens() {
        return Map.of("eos", end);
    }
}
