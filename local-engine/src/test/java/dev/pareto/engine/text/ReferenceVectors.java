package dev.pareto.engine.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.pareto.engine.gguf.GgufFile;

/** Texts with the ids and bytes that llama.cpp gives for them. */
public final class ReferenceVectors {

    private static final Pattern RECORD = Pattern.compile("\\{\"text_hex\":\"([0-9a-f]*)\",\"plain\":\\[([0-9,]*)\\],"
            + "\"special\":\\[([0-9,]*)\\],\"detok_hex\":\"([0-9a-f]*)\"\\}");

    /** A text, its ids without and with special tokens, and the bytes of the first after llama.cpp's clean-up. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Extra(byte[] text, int[] plain, int[] special, byte[] back) {
        @Override
        public String toString() {
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    /** A text and its ids, control tokens not parsed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Case(String text, int[] ids) {}

    private ReferenceVectors() {}

    public static Tokenizer tokenizer(String vocabulary) throws IOException {
        var path = vocabulary.startsWith("stories260K")
                ? "weights/stories260K/" + vocabulary + ".gguf"
                : "tokenizers/ggml-vocab-" + vocabulary + ".gguf";
        try (var file = GgufFile.open(SharedFiles.require(path))) {
            return Tokenizer.of(file.metadata());
        }
    }

    public static List<Case> cases(String vocabulary) throws IOException {
        var path = "tokenizers/ggml-vocab-" + vocabulary + ".gguf";
        var texts = Files.readString(SharedFiles.require(path + ".inp")).split("\n__ggml_vocab_test__\n", -1);
        var lines = Files.readAllLines(SharedFiles.require(path + ".out"));
        var cases = new ArrayList<Case>();
        for (int i = 0; i < lines.size(); i++) {
            cases.add(new Case(texts[i], ids(lines.get(i), "\\s+")));
        }
        return cases;
    }

    public static List<Extra> extra(String vocabulary) throws IOException {
        var extra = new ArrayList<Extra>();
        for (var line : Files.readAllLines(SharedFiles.require("tokenizers/extra/" + vocabulary + ".jsonl"))) {
            var match = RECORD.matcher(line);
            if (!match.matches()) {
                throw new IllegalStateException("not a record: " + line);
            }
            var hex = HexFormat.of();
            extra.add(new Extra(hex.parseHex(match.group(1)), ids(match.group(2), ","), ids(match.group(3), ","),
                    hex.parseHex(match.group(4))));
        }
        return extra;
    }

    private static int[] ids(String text, String separator) {
        return Stream.of(text.strip().split(separator))
                .filter(part -> !part.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    public static String show(Tokenizer tokenizer, int[] ids) {
        return Arrays.stream(ids).mapToObj(id -> id + "=" + tokenizer.name(id)).toList().toString();
    }
}
