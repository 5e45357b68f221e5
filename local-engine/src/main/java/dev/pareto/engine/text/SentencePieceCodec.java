package dev.pareto.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.IntStream;

import dev.pareto.engine.gguf.GgufException;

/**
 * SentencePiece's byte-pair encoding as Llama 2, Mistral and Gemma use it: characters merge to the token with the best
 * score, spaces are written as U+2581, and characters without a token become byte tokens.
 */
final class SentencePieceCodec implements TextCodec {

    private static final byte[] SPACE = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};

    private final byte[][] bytes;
    private final PieceTable pieces;
    /** Tokens with better scores have lower ranks, equal scores equal ranks. */
    private final int[] ranks;
    private final int[] byteTokens = new int[256];
    private final boolean spacePrefix;
    private final boolean splitsAtSpaces;

    SentencePieceCodec(Vocabulary vocabulary) {
        int size = vocabulary.size();
        bytes = new byte[size][];
        var mergeable = new byte[size][];
        var unknown = vocabulary.role("unknown");
        Arrays.fill(byteTokens, unknown == null ? -1 : unknown);
        boolean splits = true;
        for (int token = 0; token < size; token++) {
            var name = vocabulary.name(token);
            var kind = vocabulary.kind(token);
            mergeable[token] = kind.isText() ? name.getBytes(StandardCharsets.UTF_8) : new byte[0];
            splits &= !kind.isText() || !hasInnerSpace(name);
            bytes[token] = switch (kind) {
                case NORMAL -> name.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
                case USER_DEFINED -> name.getBytes(StandardCharsets.UTF_8);
                case BYTE -> new byte[]{(byte) byteOf(name)};
                case UNDEFINED, UNKNOWN, CONTROL, UNUSED -> new byte[0];
            };
            if (kind == TokenKind.BYTE) {
                byteTokens[byteOf(name)] = token;
            }
        }
        pieces = new PieceTable(mergeable);
        ranks = ranks(vocabulary);
        spacePrefix = vocabulary.addSpacePrefix();
        splitsAtSpaces = splits;
    }

    /** Whether a space follows another character: only then can a merge reach over the start of a word. */
    private static boolean hasInnerSpace(String name) {
        for (int i = 1; i < name.length(); i++) {
            if (name.charAt(i) == '\u2581' && name.charAt(i - 1) != '\u2581') {
                return true;
            }
        }
        return false;
    }

    /** The byte that a byte token of the form {@code <0x0A>} stands for. */
    static int byteOf(String name) {
        if (name.length() != 6 || !name.startsWith("<0x") || !HexFormat.isHexDigit(name.charAt(3))
                || !HexFormat.isHexDigit(name.charAt(4))) {
            throw new GgufException(-1, "the byte token '" + name + "' is not of the form <0x0A>");
        }
        return HexFormat.fromHexDigits(name, 3, 5);
    }

    private static int[] ranks(Vocabulary vocabulary) {
        var order = IntStream.range(0, vocabulary.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer token) -> -vocabulary.score(token)))
                .mapToInt(Integer::intValue)
                .toArray();
        var ranks = new int[order.length];
        for (int i = 1; i < order.length; i++) {
            boolean same = vocabulary.score(order[i]) == vocabulary.score(order[i - 1]);
            ranks[order[i]] = same ? ranks[order[i - 1]] : i;
        }
        return ranks;
    }

    @Override
    public byte[] bytes(int token) {
        return bytes[token];
    }

    @Override
    public boolean addsSpacePrefix() {
        return spacePrefix;
    }

    @Override
    public Encoder encoder() {
        return new Session();
    }

    private final class Session extends MergeLoop implements Encoder {

        private final Bytes text = new Bytes(256);
        private int[] starts = new int[64];
        private int end;

        @Override
        public void encode(String source, int from, int to, boolean first, Ints out) {
            boolean prefix = first && spacePrefix;
            int at = from;
            while (at < to) {
                int wordEnd = splitsAtSpaces ? wordEnd(source, at, to) : to;
                text.clear();
                if (prefix) {
                    text.add(SPACE);
                    prefix = false;
                }
                append(source, at, wordEnd);
                encodeWord(out);
                at = wordEnd;
            }
        }

        /** Spaces and what follows them up to the next space; the space in front belongs to the first word. */
        private int wordEnd(String source, int from, int to) {
            int at = from;
            while (at < to && isSpace(source.charAt(at))) {
                at++;
            }
            while (at < to && !isSpace(source.charAt(at))) {
                at++;
            }
            return at;
        }

        /** A written U+2581 is the same as a space once encoded. */
        private boolean isSpace(char c) {
            return c == ' ' || c == '\u2581';
        }

        private void append(String source, int from, int to) {
            int at = from;
            while (at < to) {
                int space = source.indexOf(' ', at, to);
                int stop = space < 0 ? to : space;
                text.addText(source, at, stop);
                if (space >= 0) {
                    text.add(SPACE);
                }
                at = stop + 1;
            }
        }

        private void encodeWord(Ints out) {
            byte[] array = text.array();
            end = text.size();
            reserve(end);
            if (starts.length < end) {
                starts = new int[Math.max(end, starts.length * 2)];
            }
            int symbols = 0;
            for (int at = 0; at < end;) {
                int length = width(array[at]);
                starts[symbols] = at;
                token[symbols++] = pieces.find(array, at, at + length);
                at += length;
            }
            run(symbols);
            for (int i = 0; i >= 0; i = next[i]) {
                if (token[i] >= 0) {
                    out.add(token[i]);
                } else {
                    addBytes(array, starts[i], endOf(i), out);
                }
            }
        }

        /** A character without a token: its bytes, or the unknown token for those that have no token either. */
        private void addBytes(byte[] array, int from, int to, Ints out) {
            for (int i = from; i < to; i++) {
                int id = byteTokens[array[i] & 0xFF];
                if (id >= 0) {
                    out.add(id);
                }
            }
        }

        private int width(byte lead) {
            return lead >= 0 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
        }

        private int endOf(int symbol) {
            return next[symbol] < 0 ? end : starts[next[symbol]];
        }

        @Override
        long pair(int left, int right) {
            int id = pieces.find(text.array(), starts[left], endOf(right));
            return id < 0 ? PairTable.NONE : ((long) ranks[id] << 32) | id;
        }
    }
}
