package dev.pareto.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What llama.cpp tells after a prompt with a small trained model, and its logits for some tokens of the prompt. */
@SuppressWarnings("ArrayRecordComponent") // plain data of a test, never compared
record Story(Path model, String prompt, int[] tokens, int[] greedy, String text, float[][] logits) {

    /** Reads NAME.json and NAME.logits.npy beside NAME.gguf; skips the test if they are not there. */
    static Story read(String relative) throws IOException {
        var model = Shared.path(relative + ".gguf");
        var json = Files.readString(Shared.path(relative + ".json"));
        return new Story(model, text(json, "prompt"), ints(json, "tokens"), ints(json, "greedy"), text(json, "text"),
                npy(Shared.path(relative + ".logits.npy")));
    }

    private static String text(String json, String key) {
        return find(json, "\"" + key + "\":\\s*\"((?:[^\"\\\\]|\\\\.)*)\"").replace("\\n", "\n").replace("\\\"", "\"");
    }

    private static int[] ints(String json, String key) {
        return Arrays.stream(find(json, "\"" + key + "\":\\s*\\[([^\\]]*)\\]").split(",", -1))
                .map(String::strip)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static String find(String json, String regex) {
        Matcher matcher = Pattern.compile(regex).matcher(json);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + regex);
        }
        return matcher.group(1);
    }

    private static float[][] npy(Path file) throws IOException {
        var buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var floats = buffer.position(10 + Short.toUnsignedInt(buffer.getShort(8)))
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        var rows = new float[5][floats.remaining() / 5];
        for (var row : rows) {
            floats.get(row);
        }
        return rows;
    }
}
