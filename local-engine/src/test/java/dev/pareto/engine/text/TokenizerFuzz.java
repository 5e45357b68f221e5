package dev.pareto.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.fuzz.Watched;
import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufWriter;
import dev.pareto.engine.gguf.InMemory;

/**
 * Metadata of any content to a tokenizer, and any text through it and back. The input is text, so that it can be mutated
 * without counting bytes: options ({@code model=gpt2 pre=llama-bpe add_bos_token=true}), tokens, merges and the text to
 * encode, with a line {@code --} between. A token is a line of its kind as a digit, a character for its score and its name.
 */
public final class TokenizerFuzz {

    private static final long FLOOR_BYTES = 64 << 20;
    private static final String PREFIX = "tokenizer.ggml.";

    private TokenizerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var parts = new String(input, StandardCharsets.UTF_8).split("\n--\n", 4);
        var file = file(parts);
        var text = parts.length > 3 ? parts[3] : "";
        Watched.run(input.length, FLOOR_BYTES, GgufException.class,
                () -> use(Tokenizer.of(InMemory.metadata(file)), text));
    }

    private static byte[] file(String[] parts) {
        var options = new LinkedHashMap<String, String>();
        for (var option : parts[0].split("[ \n]", -1)) {
            int cut = option.indexOf('=');
            if (cut > 0) {
                options.put(PREFIX + option.substring(0, cut), option.substring(cut + 1));
            }
        }
        List.of("tokens", "token_type", "scores", "merges").forEach(key -> options.remove(PREFIX + key));
        var tokens = parts.length > 1 ? List.of(parts[1].split("\n", -1)) : List.<String>of();
        int arrays = (parts.length > 1 ? 3 : 0) + (parts.length > 2 ? 1 : 0);
        var writer = GgufWriter.file(0, options.size() + arrays);
        options.forEach((key, value) -> option(writer, key, value));
        if (parts.length > 1) {
            vocabulary(writer, tokens);
        }
        if (parts.length > 2) {
            writer.strings(PREFIX + "merges", List.of(parts[2].split("\n", -1)));
        }
        return writer.toByteArray();
    }

    private static void option(GgufWriter writer, String key, String value) {
        if (value.equals("true") || value.equals("false")) {
            writer.key(key, 7).u8(value.equals("true") ? 1 : 0);
        } else if (value.matches("[0-9]{1,9}")) {
            writer.uint32(key, Integer.parseInt(value));
        } else if (value.matches("x([0-9a-f]{2})+")) {
            var bytes = HexFormat.of().parseHex(value.substring(1));
            writer.key(key, 9).u32(0).u64(bytes.length).bytes(bytes);
        } else {
            writer.key(key, value);
        }
    }

    private static void vocabulary(GgufWriter writer, List<String> tokens) {
        var names = new ArrayList<String>();
        tokens.forEach(line -> names.add(line.length() < 3 ? "" : line.substring(2)));
        writer.strings(PREFIX + "tokens", names);
        writer.key(PREFIX + "token_type", 9).u32(5).u64(tokens.size());
        tokens.forEach(line -> writer.u32(line.isEmpty() ? 1 : line.charAt(0) - '0'));
        writer.key(PREFIX + "scores", 9).u32(6).u64(tokens.size());
        tokens.forEach(line -> writer.f32(line.length() < 2 ? 0 : score(line.charAt(1))));
    }

    private static float score(char c) {
        return switch (c) {
            case '~' -> Float.NaN;
            case '^' -> Float.POSITIVE_INFINITY;
            case '_' -> Float.NEGATIVE_INFINITY;
            default -> 'a' - c;
        };
    }

    private static void use(Tokenizer tokenizer, String text) {
        int[] tokens = tokenizer.encode(List.of(new Segment(text, true), new Segment(text, false)), true);
        var stream = new Utf8Stream();
        var streamed = new StringBuilder();
        for (int token : tokens) {
            if (token < 0 || token >= tokenizer.vocabularySize()) {
                throw new AssertionError("encoding gave token " + token + " of " + tokenizer.vocabularySize());
            }
            streamed.append(stream.accept(tokenizer.bytes(token)));
        }
        streamed.append(stream.flush());
        var decoded = tokenizer.decode(tokens);
        // Only a space that encoding put in front may be missing.
        if (!streamed.toString().equals(decoded) && !streamed.toString().equals(" " + decoded)) {
            throw new AssertionError("streamed '" + streamed + "' but decoded '" + decoded + "'");
        }
        for (Map.Entry<String, Integer> role : tokenizer.specialTokens().entrySet()) {
            tokenizer.name(role.getValue());
        }
    }
}
