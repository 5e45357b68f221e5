package dev.pareto.engine.serve;

import dev.pareto.engine.text.StubTokenizer;

/** One token for each byte, and one that ends the turn. */
final class FakeTokenizer extends StubTokenizer {

    static final int END = 256;
    static final int SIZE = 257;

    FakeTokenizer() {
        super(END);
    }

    @Override
    public byte[] bytes(int token) {
        return token == END ? new byte[0] : new byte[]{(byte) token};
    }

    @Override
    public int vocabularySize() {
        return SIZE;
    }
}
