package dev.pareto.engine.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The reference outputs of llama.cpp that lie beside a model file.
 *
 * @param prompts in order of the file
 * @param reference rows of logits of all prompts, one after the other, computed without rounding of activations; a row
 *            of NaN is unknown
 * @param referenceNmse how far llama.cpp itself is from them where it rounds activations, else 0
 * @param halfCacheNmse how far llama.cpp itself is from its own logits with halves in its cache, else 0
 */
@SuppressWarnings("ArrayRecordComponent") // plain data of a test, never compared
record Golden(List<Prompt> prompts, float[][] reference, double referenceNmse, double halfCacheNmse) {

    /** Tokens, the positions whose logits are known, and what follows greedily with the lead of each choice. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Prompt(int[] tokens, int[] rows, int[] greedy, double[] margins) {}

    /** Reads NAME.json, NAME.logits.npy and perhaps NAME.exact.npy. */
    static Golden read(Path folder, String name) throws IOException {
        String json = Files.readString(folder.resolve(name + ".json"));
        var tokens = numbers(json, "tokens");
        var rows = numbers(json, "rows");
        var greedy = numbers(json, "greedy");
        var margins = numbers(json, "greedy_margin");
        var prompts = new ArrayList<Prompt>();
        for (int i = 0; i < tokens.size(); i++) {
            prompts.add(new Prompt(ints(tokens.get(i)), rows.isEmpty() ? new int[0] : ints(rows.get(i)),
                    ints(greedy.get(i)), margins.get(i)));
        }
        var exact = folder.resolve(name + ".exact.npy");
        return new Golden(prompts, npy(Files.exists(exact) ? exact : folder.resolve(name + ".logits.npy")),
                number(json, "exact", "nmse_vs_logits"), number(json, "noise_default_config", "nmse"));
    }

    private static double number(String json, String object, String key) {
        var found = Pattern.compile("\"" + object + "\":\\s*\\{[^}]*\"" + key + "\":\\s*([^,\\s}]+)").matcher(json);
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    private static List<double[]> numbers(String json, String key) {
        return Pattern.compile("\"" + key + "\":\\s*\\[([-+.eE\\d,\\s]*)\\]")
                .matcher(json)
                .results()
                .map(match -> Arrays.stream(match.group(1).split(",", -1)).mapToDouble(Double::parseDouble).toArray())
                .toList();
    }

    private static int[] ints(double[] numbers) {
        return Arrays.stream(numbers).mapToInt(number -> (int) number).toArray();
    }

    private static float[][] npy(Path file) throws IOException {
        var buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = Short.toUnsignedInt(buffer.getShort(8));
        var text = new String(buffer.array(), 10, header, StandardCharsets.US_ASCII);
        var shape = Pattern.compile("\\((\\d+), (\\d+)\\)").matcher(text);
        if (!text.contains("'<f4'") || !text.contains("'fortran_order': False") || !shape.find()) {
            throw new IOException(file + " is no matrix of floats: " + text);
        }
        var values = new float[Integer.parseInt(shape.group(1))][Integer.parseInt(shape.group(2))];
        var floats = buffer.position(10 + header).asFloatBuffer();
        for (var row : values) {
            floats.get(row);
        }
        return values;
    }

    /** Sum of squared differences over sum of squares, over the rows that the reference knows. */
    double nmse(List<float[]> actual) {
        double difference = 0;
        double squares = 0;
        for (int r = 0; r < reference.length; r++) {
            if (Float.isNaN(reference[r][0])) {
                continue;
            }
            for (int i = 0; i < reference[r].length; i++) {
                double d = (double) actual.get(r)[i] - reference[r][i];
                difference += d * d;
                squares += (double) reference[r][i] * reference[r][i];
            }
        }
        return difference / squares;
    }
}
