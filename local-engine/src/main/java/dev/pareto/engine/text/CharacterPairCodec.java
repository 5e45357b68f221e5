package dev.pareto.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.gguf.Metadata;

/**
 * Gemma 4's byte-pair encoding: as in SentencePiece spaces are written U+2581 and characters without a token become byte
 * tokens, but merges come from a ranked list. Only line breaks cut the text; a run of them that is a token stays whole.
 */
final class CharacterPairCodec implements TextCodec {

    private static final int NOTHING = -1;

    private final Vocabulary vocabulary;
    private final byte[][] bytes;
    private final int[] byteTokens = new int[256];
    private final PairTable merges;
    private final int size;
    /** What takes part in merges: tokens, and from {@link #size} on what merges make on the way. */
    private final Map<String, Integer> parts = new HashMap<>();
    private final List<String> transients = new ArrayList<>();

    CharacterPairCodec(Vocabulary vocabulary, Metadata metadata) {
        this.vocabulary = vocabulary;
        size = vocabulary.size();
        bytes = new byte[size][];
        Arrays.fill(byteTokens, NOTHING);
        for (int token = 0; token < size; token++) {
            var name = vocabulary.name(token);
            bytes[token] = switch (vocabulary.kind(token)) {
                case NORMAL -> name.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
                case USER_DEFINED -> name.getBytes(StandardCharsets.UTF_8);
                case BYTE -> new byte[]{(byte) SentencePieceCodec.byteOf(name)};
                case UNDEFINED, UNKNOWN, CONTROL, UNUSED -> new byte[0];
            };
            if (vocabulary.kind(token) == TokenKind.BYTE) {
                byteTokens[SentencePieceCodec.byteOf(name)] = token;
            }
        }
        var lines = metadata.requireStrings("tokenizer.ggml.merges");
        merges = new PairTable(lines.size());
        for (int rank = 0; rank < lines.size(); rank++) {
            var line = lines.get(rank);
            int cut = line.indexOf(' ', 1);
            if (cut < 0) {
                throw metadata.refuse("tokenizer.ggml.merges", "has no space in entry " + rank);
            }
            var left = line.substring(0, cut);
            var right = line.substring(cut + 1);
            merges.add(part(left), part(right), rank, part(left.concat(right)));
        }
    }

    private int part(String name) {
        return parts.computeIfAbsent(name, missing -> {
            int token = vocabulary.textId(missing);
            if (token >= 0) {
                return token;
            }
            transients.add(missing);
            return size + transients.size() - 1;
        });
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

        private int[] starts = new int[64];

        @Override
        public void encode(String source, int from, int to, boolean first, Ints out) {
            var text = source.substring(from, to).replace(' ', '\u2581');
            for (int at = 0; at < text.length();) {
                boolean breaks = text.charAt(at) == '\n';
                int end = at;
                while (end < text.length() && (text.charAt(end) == '\n') == breaks) {
                    end++;
                }
                int whole = breaks ? vocabulary.textId(text.substring(at, end)) : NOTHING;
                if (whole >= 0) {
                    out.add(whole);
                } else {
                    encodeLine(text.substring(at, end), out);
                }
                at = end;
            }
        }

        private void encodeLine(String line, Ints out) {
            reserve(line.length());
            if (starts.length < line.length()) {
                starts = new int[Math.max(line.length(), starts.length * 2)];
            }
            int symbols = 0;
            for (int at = 0; at < line.length(); symbols++) {
                int end = line.offsetByCodePoints(at, 1);
                var character = line.substring(at, end);
                var part = parts.get(character);
                starts[symbols] = at;
                token[symbols] = part == null ? vocabulary.textId(character) : part;
                at = end;
            }
            run(symbols);
            for (int i = 0; i >= 0; i = next[i]) {
                if (token[i] >= 0 && token[i] < size) {
                    out.add(token[i]);
                } else {
                    addBytes(line.substring(starts[i], next[i] < 0 ? line.length() : starts[next[i]]), out);
                }
            }
        }

        private void addBytes(String text, Ints out) {
            for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
                int token = byteTokens[value & 0xFF];
                if (token >= 0) {
                    out.add(token);
                }
            }
        }

        @Override
        long pair(int left, int right) {
            return merges.find(token[left], token[right]);
        }
    }
}
