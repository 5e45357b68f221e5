package dev.pareto.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.Metadata;

/**
 * Byte-level byte-pair encoding as GPT-2 introduced it: text is cut into words, every byte is a token to begin with,
 * and neighbours merge in the order of the list of merges. Vocabularies write each byte as a printable character.
 */
final class ByteLevelCodec implements TextCodec {

    private static final char[] CHARACTER_OF_BYTE = characters();

    private final PreTokenizers rules;
    private final byte[][] bytes;
    /** Tokens by their bytes, where whole words come first. */
    private final @Nullable PieceTable words;
    private final PairTable merges;
    private final int[] byteTokens = new int[256];
    private final int size;
    /** What merges make on the way that is no token of the vocabulary, from id {@link #size} on. */
    private final List<byte[]> transients = new ArrayList<>();

    ByteLevelCodec(Vocabulary vocabulary, PreTokenizers rules, Metadata metadata) {
        this.rules = rules;
        size = vocabulary.size();
        bytes = new byte[size][];
        var wordPieces = new byte[size][];
        var byteOf = bytesByCharacter();
        for (int token = 0; token < size; token++) {
            var name = vocabulary.name(token);
            bytes[token] = switch (vocabulary.kind(token)) {
                case NORMAL -> decode(name, byteOf);
                case USER_DEFINED -> name.getBytes(StandardCharsets.UTF_8);
                case UNDEFINED, UNKNOWN, CONTROL, UNUSED, BYTE -> new byte[0];
            };
            wordPieces[token] = vocabulary.kind(token) == TokenKind.NORMAL ? bytes[token] : new byte[0];
        }
        words = rules.wholeWordsFirst() ? new PieceTable(wordPieces) : null;
        var names = new HashMap<String, Integer>();
        for (int value = 0; value < 256; value++) {
            byteTokens[value] = token(vocabulary, String.valueOf(CHARACTER_OF_BYTE[value]), names, byteOf);
        }
        merges = readMerges(vocabulary, metadata, names, byteOf);
    }

    private PairTable readMerges(Vocabulary vocabulary, Metadata metadata, Map<String, Integer> names, int[] byteOf) {
        var lines = metadata.requireStrings("tokenizer.ggml.merges");
        var table = new PairTable(lines.size());
        for (int rank = 0; rank < lines.size(); rank++) {
            var line = lines.get(rank);
            int cut = line.indexOf(' ', 1);
            if (cut < 0) {
                throw metadata.refuse("tokenizer.ggml.merges", "has no space in entry " + rank);
            }
            var left = line.substring(0, cut);
            var right = line.substring(cut + 1);
            table.add(token(vocabulary, left, names, byteOf), token(vocabulary, right, names, byteOf), rank,
                    token(vocabulary, left.concat(right), names, byteOf));
        }
        return table;
    }

    /** The token of a name, or an id beyond the vocabulary for what exists only on the way to a token. */
    private int token(Vocabulary vocabulary, String name, Map<String, Integer> names, int[] byteOf) {
        int id = vocabulary.textId(name);
        return id >= 0 ? id : names.computeIfAbsent(name, missing -> {
            transients.add(decode(missing, byteOf));
            return size + transients.size() - 1;
        });
    }

    private static char[] characters() {
        var characters = new char[256];
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value > 0x20 && value < 0x7F) || (value > 0xA0 && value != 0xAD);
            characters[value] = (char) (printable ? value : next++);
        }
        return characters;
    }

    private static int[] bytesByCharacter() {
        var bytes = new int[512];
        Arrays.fill(bytes, -1);
        for (int value = 0; value < 256; value++) {
            bytes[CHARACTER_OF_BYTE[value]] = value;
        }
        return bytes;
    }

    /** The bytes of a name; characters that stand for no byte stand for themselves. */
    private static byte[] decode(String name, int[] byteOf) {
        var out = new Bytes(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < byteOf.length && byteOf[c] >= 0) {
                out.add(byteOf[c]);
            } else {
                int width = Character.isHighSurrogate(c) && i + 1 < name.length() ? 2 : 1;
                out.addText(name, i, i + width);
                i += width - 1;
            }
        }
        return out.toArray();
    }

    @Override
    public byte[] bytes(int token) {
        return bytes[token];
    }

    @Override
    public boolean addsSpacePrefix() {
        return false;
    }

    @Override
    public Encoder encoder() {
        return new Session();
    }

    private final class Session extends MergeLoop implements Encoder {

        private final Bytes word = new Bytes(256);

        @Override
        public void encode(String text, int from, int to, boolean first, Ints out) {
            rules.words().split(text, from, to, (start, end) -> encodeWord(text, start, end, out));
        }

        private void encodeWord(String text, int from, int to, Ints out) {
            word.clear();
            word.addText(text, from, to);
            byte[] array = word.array();
            int length = word.size();
            int whole = words == null ? -1 : words.find(array, 0, length);
            if (whole >= 0) {
                out.add(whole);
                return;
            }
            reserve(length);
            for (int i = 0; i < length; i++) {
                token[i] = byteTokens[array[i] & 0xFF];
            }
            run(length);
            for (int i = 0; i >= 0; i = next[i]) {
                add(token[i], out);
            }
        }

        /** A transient falls apart into its bytes; a byte that has no token is left out, as llama.cpp does. */
        private void add(int id, Ints out) {
            if (id < size) {
                out.add(id);
                return;
            }
            for (byte value : transients.get(id - size)) {
                int single = byteTokens[value & 0xFF];
                if (single < size) {
                    out.add(single);
                }
            }
        }

        @Override
        long pair(int left, int right) {
            return merges.find(token[left], token[right]);
        }
    }
}
