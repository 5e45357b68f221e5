package dev.pareto.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.pareto.engine.gguf.Metadata;

/**
 * SentencePiece's unigram model as T5 uses it: of all ways to cut the normalized text into pieces, the one whose scores
 * sum to most (Viterbi; Kudo 2018, "Subword Regularization"). A character without a piece is an unknown token, ten below
 * the worst score; neighbouring ones become one.
 */
final class UnigramCodec implements TextCodec {

    private static final byte[] SPACE = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};
    private static final double UNKNOWN_PENALTY = 10;

    private final byte[][] bytes;
    private final SortedPieces pieces;
    private final double[] scores;
    private final CharacterMap characters;
    private final int unknown;
    private final double unknownScore;
    private final boolean spacePrefix;
    private final boolean mergesSpaces;

    UnigramCodec(Vocabulary vocabulary, Metadata metadata) {
        int size = vocabulary.size();
        bytes = new byte[size][];
        scores = new double[size];
        var names = new byte[size][];
        double least = Double.POSITIVE_INFINITY;
        for (int token = 0; token < size; token++) {
            var kind = vocabulary.kind(token);
            var name = vocabulary.name(token);
            names[token] = kind.isText() ? name.getBytes(StandardCharsets.UTF_8) : new byte[0];
            bytes[token] = kind.isText() ? name.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8) : new byte[0];
            // Zero is above every log-probability: user-defined pieces win.
            scores[token] = kind == TokenKind.USER_DEFINED ? 0 : vocabulary.score(token);
            if (kind == TokenKind.NORMAL) {
                least = Math.min(least, scores[token]);
            }
        }
        pieces = new SortedPieces(names);
        var role = vocabulary.role("unknown");
        if (role == null) {
            throw metadata.refuse("tokenizer.ggml.unknown_token_id", "is needed: characters without pieces become it");
        }
        unknown = role;
        unknownScore = (least == Double.POSITIVE_INFINITY ? 0 : least) - UNKNOWN_PENALTY;
        characters = CharacterMap.of(metadata);
        spacePrefix = vocabulary.addSpacePrefix();
        mergesSpaces = metadata.findBool("tokenizer.ggml.remove_extra_whitespaces", false);
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

    private static int width(byte lead) {
        return lead >= 0 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
    }

    private final class Session implements Encoder {

        private final Bytes source = new Bytes(256);
        private final Bytes text = new Bytes(256);
        private final Bytes replacement = new Bytes(16);
        private boolean prefixed;
        private boolean inWord;
        /** The best sum up to each byte, its last token and where that starts. */
        private double[] best = new double[0];
        private int[] token = new int[0];
        private int[] start = new int[0];
        /** Whether a piece is just the next character. */
        private boolean whole;

        @Override
        public void encode(String from, int start, int to, boolean first, Ints out) {
            source.clear();
            source.addText(from, start, to);
            normalize();
            if (text.size() > 0) {
                segment(out);
            }
        }

        private void normalize() {
            text.clear();
            prefixed = false;
            inWord = false;
            byte[] array = source.array();
            for (int at = 0; at < source.size();) {
                long match = characters.find(array, at, source.size());
                int length = (int) (match >>> 32);
                if (length > 0) {
                    replacement.clear();
                    characters.replace((int) match, replacement);
                    take(replacement.array(), 0, replacement.size());
                } else {
                    length = Math.min(width(array[at]), source.size() - at);
                    take(array, at, at + length);
                }
                at += length;
            }
        }

        private void take(byte[] array, int from, int to) {
            for (int i = from; i < to; i++) {
                if (array[i] == ' ') {
                    inWord = false;
                    if (!mergesSpaces) {
                        text.add(SPACE);
                    }
                    continue;
                }
                if (!inWord) {
                    inWord = true;
                    if ((spacePrefix && !prefixed) || mergesSpaces) {
                        text.add(SPACE);
                        prefixed = true;
                    }
                }
                text.add(array[i]);
            }
        }

        private void segment(Ints out) {
            int size = text.size();
            byte[] array = text.array();
            best = new double[size + 1];
            token = new int[size + 1];
            start = new int[size + 1];
            Arrays.fill(best, Double.NEGATIVE_INFINITY);
            best[0] = 0;
            for (int at = 0; at < size;) {
                int from = at;
                int next = at + Math.min(width(array[at]), size - at);
                whole = false;
                pieces.find(array, from, size, (end, piece) -> {
                    whole |= end == next;
                    improve(from, end, piece, scores[piece]);
                });
                if (!whole) {
                    improve(from, next, unknown, unknownScore);
                }
                at = next;
            }
            trace(out);
        }

        private void improve(int from, int to, int candidate, double score) {
            if (best[from] + score > best[to]) {
                best[to] = best[from] + score;
                token[to] = candidate;
                start[to] = from;
            }
        }

        private void trace(Ints out) {
            var reversed = new Ints(token.length / 3 + 1);
            for (int at = token.length - 1; at > 0; at = start[at]) {
                boolean repeats = token[at] == unknown && reversed.size() > 0
                        && reversed.get(reversed.size() - 1) == unknown;
                if (!repeats) {
                    reversed.add(token[at]);
                }
            }
            for (int i = reversed.size() - 1; i >= 0; i--) {
                out.add(reversed.get(i));
            }
        }
    }
}
