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
record Story(Path model, String prompt, int[] tokens, int[] greedy, float[] margins, String text, float[][] logits) {

    /**
     * So many tokens of the answer are certain to be told alike. Machine code rounds every vector, as the reference does in a way
     * of its own, so a draw by less than a tenth of a logit may go otherwise, and all that follows with it.
     */
    int comparable(int[] told) {
        int same = Math.max(0, Arrays.mismatch(told, Arrays.copyOf(greedy, told.length)));
        return same > 0 && LocalEngine.kernels().name().endsWith("+vnni") && margins[same] < 0.1
                ? same
                : told.length;
    }

    /** Reads NAME.json and NAME.logits.npy beside NAME.gguf; skips the test if they are not there. */
    static Story read(String relative) throws IOException {
        var model = Shared.path(relative + ".gguf");
        var json = Files.readString(Shared.path(relative + ".json"));
        return new Story(model, text(json, "prompt"), ints(json, "tokens"), ints(json, "greedy"),
                floats(json, "greedy_margin"), text(json, "text"),
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

    private static float[] floats(String json, String key) {
        var texts = find(json, "\"" + key + "\":\\s*\\[([^\\]]*)\\]").split(",", -1);
        var floats = new float[texts.length];
        for (int i = 0; i < texts.length; i++) {
            floats[i] = Float.parseFloat(texts[i].strip());
        }
        return floats;
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
