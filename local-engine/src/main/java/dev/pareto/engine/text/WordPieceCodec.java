package dev.pareto.engine.text;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

import dev.pareto.engine.gguf.Metadata;

/**
 * BERT's WordPiece: text is cleaned, cut at white space, punctuation and Chinese characters, and each word is covered
 * from its start by the longest pieces there are; a word that cannot be covered is one unknown token. In the file a piece
 * that begins a word starts with U+2581, one that goes on does not.
 */
final class WordPieceCodec implements TextCodec {

    private static final byte[] WORD_START = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};

    private final byte[][] bytes;
    private final SortedPieces pieces;
    private final int unknown;
    private final boolean lowercase;
    private final boolean stripAccents;

    WordPieceCodec(Vocabulary vocabulary, Metadata metadata) {
        int size = vocabulary.size();
        bytes = new byte[size][];
        var matchable = new byte[size][];
        for (int token = 0; token < size; token++) {
            var name = vocabulary.name(token);
            boolean text = vocabulary.kind(token).isText();
            matchable[token] = text ? name.getBytes(StandardCharsets.UTF_8) : new byte[0];
            bytes[token] = text ? name.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8) : new byte[0];
        }
        pieces = new SortedPieces(matchable);
        var role = vocabulary.role("unknown");
        if (role == null) {
            throw metadata.refuse("tokenizer.ggml.unknown_token_id", "is needed: words without pieces become it");
        }
        unknown = role;
        lowercase = metadata.findBool("tokenizer.ggml.normalizer.lowercase", true);
        stripAccents = metadata.findBool("tokenizer.ggml.normalizer.strip_accents", lowercase);
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

    private static boolean standsAlone(int code) {
        return switch (Character.getType(code)) {
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                true;
            case Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL, Character.OTHER_SYMBOL ->
                code < 0x7F || isChinese(code);
            default -> isChinese(code);
        };
    }

    /** The blocks that BERT's normalizer takes for Chinese; 2B920 instead of 2B820 is how its models were trained. */
    private static boolean isChinese(int code) {
        return code >= 0x3400 && (code <= 0x4DBF || (code >= 0x4E00 && code <= 0x9FFF)
                || (code >= 0xF900 && code <= 0xFAFF) || (code >= 0x20000 && code <= 0x2A6DF)
                || (code >= 0x2A700 && code <= 0x2B73F) || (code >= 0x2B740 && code <= 0x2B81F)
                || (code >= 0x2B920 && code <= 0x2CEAF) || (code >= 0x2F800 && code <= 0x2FA1F));
    }

    /** The first character of the canonical decomposition: what llama.cpp keeps, even of a Korean syllable. */
    private static int base(int code) {
        return Normalizer.normalize(Character.toString(code), Normalizer.Form.NFD).codePointAt(0);
    }

    private boolean isDropped(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE -> true;
            default -> code == 0xFFFD || (stripAccents && (CharacterClass.of(code) & CharacterClass.MARK) != 0);
        };
    }

    private final class Session implements Encoder {

        private final Bytes word = new Bytes(64);
        private final StringBuilder character = new StringBuilder(2);
        /** The longest piece at a place and where it ends. */
        private int longest;
        private int stop;

        @Override
        public void encode(String source, int from, int to, boolean first, Ints out) {
            begin();
            for (int at = from; at < to;) {
                int code = at + 1 < to ? source.codePointAt(at) : source.charAt(at);
                at += Character.charCount(code);
                if (stripAccents && code >= 0x80) {
                    code = base(code);
                }
                if ((CharacterClass.of(code) & CharacterClass.SPACE) != 0) {
                    end(out);
                } else if (!isDropped(code)) {
                    boolean alone = standsAlone(code);
                    if (alone) {
                        end(out);
                    }
                    character.setLength(0);
                    character.appendCodePoint(lowercase ? Character.toLowerCase(code) : code);
                    word.addText(character, 0, character.length());
                    if (alone) {
                        end(out);
                    }
                }
            }
            end(out);
        }

        private void begin() {
            word.clear();
            word.add(WORD_START);
        }

        private void end(Ints out) {
            if (word.size() > WORD_START.length) {
                cover(out);
            }
            begin();
        }

        private void cover(Ints out) {
            int before = out.size();
            byte[] array = word.array();
            for (int at = 0; at < word.size();) {
                longest = -1;
                stop = at;
                pieces.find(array, at, word.size(), (end, token) -> {
                    longest = token;
                    stop = end;
                });
                if (longest < 0) {
                    out.truncate(before);
                    out.add(unknown);
                    return;
                }
                out.add(longest);
                at = stop;
            }
        }
    }
}
