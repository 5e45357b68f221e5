package dev.pareto.engine.text;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** A tokenizer out of a vocabulary, its special tokens and what encodes the plain text between them. */
final class VocabularyTokenizer implements Tokenizer {

    private final Vocabulary vocabulary;
    private final SpecialTokens specials;
    private final TextCodec codec;

    VocabularyTokenizer(Vocabulary vocabulary, TextCodec codec) {
        this.vocabulary = vocabulary;
        this.specials = new SpecialTokens(vocabulary);
        this.codec = codec;
    }

    @Override
    public int[] encode(List<Segment> segments, boolean addSpecial) {
        var foreign = new BitSet();
        var text = join(segments, foreign);
        var out = new Ints(text.length() / 3 + 8);
        var begin = vocabulary.role("bos");
        if (addSpecial && vocabulary.addBegin() && begin != null) {
            out.add(begin);
        }
        var encoder = codec.encoder();
        boolean first = true;
        int special = -1;
        for (var piece : specials.split(text, foreign)) {
            if (piece.token() >= 0) {
                out.add(piece.token());
                special = piece.token();
                first = true;
                continue;
            }
            int from = piece.from();
            if (first && special >= 0 && vocabulary.swallowsSpace(special)) {
                from = skipSpace(text, from, piece.to());
            }
            if (from < piece.to()) {
                encoder.encode(text, from, piece.to(), first, out);
                first = false;
            }
        }
        var end = vocabulary.role("eos");
        if (addSpecial && vocabulary.addEnd() && end != null) {
            out.add(end);
        }
        var separator = vocabulary.role("seperator");
        if (addSpecial && vocabulary.addSeparator() && separator != null) {
            out.add(separator);
        }
        return out.toArray();
    }

    private static String join(List<Segment> segments, BitSet foreign) {
        if (segments.size() == 1 && segments.getFirst().trusted()) {
            return segments.getFirst().text();
        }
        var text = new StringBuilder();
        for (var segment : segments) {
            int from = text.length();
            text.append(segment.text());
            if (!segment.trusted()) {
                foreign.set(from, text.length());
            }
        }
        return text.toString();
    }

    private static int skipSpace(String text, int from, int to) {
        int at = from;
        while (at < to && (text.charAt(at) == ' ' || (text.charAt(at) >= 0x09 && text.charAt(at) <= 0x0D))) {
            at++;
        }
        return at;
    }

    @Override
    public byte[] bytes(int token) {
        Objects.checkIndex(token, vocabulary.size());
        return vocabulary.kind(token).isControl() ? new byte[0] : codec.bytes(token).clone();
    }

    @Override
    public byte[] decodeBytes(int[] tokens) {
        var out = new Bytes(tokens.length * 4);
        boolean first = codec.addsSpacePrefix();
        for (int token : tokens) {
            var bytes = bytes(token);
            if (bytes.length == 0) {
                continue;
            }
            if (first && bytes[0] == ' ') {
                bytes = Arrays.copyOfRange(bytes, 1, bytes.length);
            }
            first = false;
            out.add(bytes);
        }
        return out.toArray();
    }

    @Override
    public String name(int token) {
        return vocabulary.name(token);
    }

    @Override
    public @Nullable Integer find(String name) {
        return vocabulary.id(name);
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public @Nullable Integer beginOfText() {
        return vocabulary.role("bos");
    }

    @Override
    public @Nullable Integer endOfText() {
        return vocabulary.role("eos");
    }

    @Override
    public boolean addsBeginOfText() {
        return vocabulary.addBegin();
    }

    @Override
    public boolean addsEndOfText() {
        return vocabulary.addEnd();
    }

    @Override
    public boolean isEndOfGeneration(int token) {
        return vocabulary.ends(token);
    }

    @Override
    public boolean isControl(int token) {
        return vocabulary.kind(token).isControl();
    }

    @Override
    public Map<String, Integer> specialTokens() {
        return vocabulary.roles();
    }
}
