package dev.pareto.engine.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.random.RandomGenerator;

import dev.pareto.engine.text.StubTokenizer;

/** A vocabulary made of given pieces, the first of which ends answers. */
final class Words extends StubTokenizer {

    static final int END = 0;
    private final List<byte[]> pieces = new ArrayList<>();

    Words(List<byte[]> pieces) {
        super(END);
        this.pieces.add(new byte[0]);
        this.pieces.addAll(pieces);
    }

    /** Every single byte, the given pieces, and random runs of bytes that texts in JSON are made of. */
    static Words mixed(RandomGenerator random, int runs, String... further) {
        var texts = new LinkedHashSet<String>(Arrays.asList(further));
        var parts = new String[]{"\"", "\",", "\":", "{", "}", "[", "]", ",", " ", "\n", "a", "b", "na", "me", "1",
                "20",
                "-", ".5", "e", "true", "null", "\\", "\\n", "u00", "é", "中", "T", "Z", ":", "id", "x"};
        for (int i = 0; i < runs; i++) {
            var text = new StringBuilder();
            for (int part = random.nextInt(1, 5); part > 0; part--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            texts.add(text.toString());
        }
        var pieces = new ArrayList<byte[]>();
        for (int value = 0; value < 256; value++) {
            pieces.add(new byte[]{(byte) value});
        }
        texts.forEach(text -> pieces.add(text.getBytes(StandardCharsets.UTF_8)));
        pieces.add("中".getBytes(StandardCharsets.UTF_8)); // twins of others
        pieces.add(new byte[]{'a', (byte) 0xE4, (byte) 0xB8}); // ends within a character
        return new Words(pieces);
    }

    @Override
    public byte[] bytes(int token) {
        return pieces.get(token).clone();
    }

    @Override
    public int vocabularySize() {
        return pieces.size();
    }
}
