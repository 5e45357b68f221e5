package dev.pareto.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What {@code reading/oracle.py} computed in plain NumPy for a model with random weights, and that model.
 *
 * @param states of the first text, token after token
 */
@SuppressWarnings("ArrayRecordComponent") // plain data of a test, never compared
public record Oracle(List<Text> texts, List<Pair> pairs, float[] states) {

    /** A text, its tokens and its vectors of length 1 by the way of pooling. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Text(String text, int[] tokens, float[] mean, float[] cls, float[] last) {}

    /** A query and a document, their tokens, where the document begins and the classifier's score. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Pair(String query, String document, int[] tokens, int second, double score) {}

    /** Reads {@code NAME.json}. */
    public static Oracle read(String name) {
        String json = new String(resource(name + ".json"), StandardCharsets.UTF_8);
        var texts = new ArrayList<Text>();
        var tokens = arrays(json, "tokens");
        for (int i = 0; i < tokens.size(); i++) {
            texts.add(new Text(strings(json, "text").get(i), ints(tokens.get(i)), floats(arrays(json, "mean").get(i)),
                    floats(arrays(json, "cls").get(i)), floats(arrays(json, "last").get(i))));
        }
        var pairs = new ArrayList<Pair>();
        var joined = arrays(json, "pair");
        for (int i = 0; i < joined.size(); i++) {
            pairs.add(new Pair(strings(json, "query").get(i), strings(json, "document").get(i), ints(joined.get(i)),
                    (int) numbers(json, "second").get(i).doubleValue(), numbers(json, "score").get(i)));
        }
        return new Oracle(texts, pairs, floats(arrays(json, "states_of_the_first_text").getFirst()));
    }

    /** A copy of {@code NAME.gguf} whose file says another way of pooling. */
    public static Path model(Path folder, String name, int pooling) {
        byte[] bytes = resource(name + ".gguf");
        byte[] key = (name + ".pooling_type").getBytes(StandardCharsets.US_ASCII);
        int at = 0;
        while (!Arrays.equals(bytes, at, at + key.length, key, 0, key.length)) {
            at++;
        }
        bytes[at + key.length + Integer.BYTES] = (byte) pooling;
        try {
            return Files.write(folder.resolve(name + "-" + pooling + ".gguf"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) {
        try (var in = Objects.requireNonNull(Oracle.class.getResourceAsStream("reading/" + name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<double[]> arrays(String json, String key) {
        return Pattern.compile("\"" + key + "\": \\[([-+.eE\\d,\\s]*)]")
                .matcher(json)
                .results()
                .map(match -> Arrays.stream(match.group(1).split(",", -1)).mapToDouble(Double::parseDouble).toArray())
                .toList();
    }

    private static List<String> strings(String json, String key) {
        return Pattern.compile("\"" + key + "\": \"([^\"\\\\]*)\"")
                .matcher(json)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static List<Double> numbers(String json, String key) {
        return Pattern.compile("\"" + key + "\": ([-+.eE\\d]+)")
                .matcher(json)
                .results()
                .map(match -> Double.valueOf(match.group(1)))
                .toList();
    }

    private static int[] ints(double[] numbers) {
        return Arrays.stream(numbers).mapToInt(number -> (int) number).toArray();
    }

    private static float[] floats(double[] numbers) {
        var floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    /** Sum of squared differences over sum of squares. */
    public static double nmse(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            throw new AssertionError(actual.length + " numbers, not " + expected.length);
        }
        double difference = 0;
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += ((double) actual[i] - expected[i]) * ((double) actual[i] - expected[i]);
            squares += (double) expected[i] * expected[i];
        }
        return difference / squares;
    }
}
