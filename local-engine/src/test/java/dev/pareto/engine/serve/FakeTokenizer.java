package dev.pareto.engine.serve;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.Tokenizer;

/** One token for each byte, and one that ends the turn. */
final class FakeTokenizer implements Tokenizer {

    static final int END = 256;
    static final int SIZE = 257;

    @Override
    public int[] encode(List<Segment> segments, boolean addSpecial) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] bytes(int token) {
        return token == END ? new byte[0] : new byte[]{(byte) token};
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
    public int vocabularySize() {
        return SIZE;
    }

    @Override
    public @Nullable Integer beginOfText() {
        return null;
    }

    @Override
    public Integer endOfText() {
        return END;
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
        return token == END;
    }

    @Override
    public boolean isControl(int token) {
        return token == END;
    }

    @Override
    public Map<String, Integer> specialTokens() {
        return Map.of("eos", END);
    }
}
