package dev.pareto.evals.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The reference values that the statistics must reproduce, and how close. Another file of the same groups is tried with
 * {@code -Dpareto.vectors=FOLDER}.
 */
final class Vectors {

    static final double TOLERANCE = 1e-9;

    private Vectors() {}

    static JsonNode read(String resource) {
        String folder = System.getProperty("pareto.vectors");
        try (InputStream in = folder == null
                ? Vectors.class.getResourceAsStream("/dev/pareto/evals/" + resource)
                : Files.newInputStream(Path.of(folder, resource))) {
            if (in == null) {
                throw new IllegalStateException("no test resource " + resource);
            }
            return JsonMapper.shared().readTree(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asDouble();
        }
        return values;
    }

    static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    /** "0110" as 0, 1, 1, 0. */
    static double[] bits(JsonNode text) {
        return text.asString().chars().mapToDouble(c -> c - '0').toArray();
    }

    /** One check of each element of the group's cases, of which there must be some. */
    static Consumer<JsonNode> cases(Consumer<JsonNode> check) {
        return group -> {
            assertThat(group.get("cases")).isNotEmpty();
            group.get("cases").forEach(check);
        };
    }

    static void close(double actual, JsonNode expected) {
        close(actual, expected.asDouble());
    }

    static void close(double actual, double expected) {
        near(actual, expected, TOLERANCE * Math.max(1, Math.abs(expected)));
    }

    static void near(double actual, double expected, double tolerance) {
        assertThat(actual).isCloseTo(expected, within(tolerance));
    }

    static void close(Interval actual, JsonNode expected) {
        close(actual.lower(), expected.get(0));
        close(actual.upper(), expected.get(1));
    }

    static void near(Interval actual, JsonNode expected, double tolerance) {
        near(actual.lower(), expected.get(0).asDouble(), tolerance);
        near(actual.upper(), expected.get(1).asDouble(), tolerance);
    }

    static void close(double[] actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.length; i++) {
            close(actual[i], expected.get(i));
        }
    }
}
