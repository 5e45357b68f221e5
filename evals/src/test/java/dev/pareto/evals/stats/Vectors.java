package dev.pareto.evals.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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

    /** Within the file's tolerance, and where the value is smaller than that, to six digits of its own. */
    static void close(double actual, double expected) {
        near(actual, expected, TOLERANCE * Math.max(1, Math.abs(expected)));
        if (expected > 1e-300 && expected < 1e-6) {
            near(actual, expected, 1e-6 * expected);
        }
    }

    /** The place of {@code n} among the points, or less than 0; {@code last} is how many observations there are. */
    static int point(int[] points, int n, int last) {
        assertThat(points[points.length - 1]).as("a point that is never reached is never compared")
                .isLessThanOrEqualTo(last);
        return Arrays.binarySearch(points, n);
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

    /** Pointers to every value of a tree. */
    static List<String> leaves(JsonNode tree) {
        List<String> leaves = new ArrayList<>();
        if (tree.isObject()) {
            tree.properties()
                    .forEach(entry -> leaves(entry.getValue())
                            .forEach(leaf -> leaves
                                    .add("/" + entry.getKey().replace("~", "~0").replace("/", "~1") + leaf)));
        } else if (tree.isArray()) {
            for (int i = 0; i < tree.size(); i++) {
                String at = "/" + i;
                leaves(tree.get(i)).forEach(leaf -> leaves.add(at + leaf));
            }
        } else {
            leaves.add("");
        }
        return leaves;
    }

    /** A copy in which one value is another, by more than any tolerance and not by much. */
    static JsonNode changed(JsonNode tree, String pointer) {
        JsonNode copy = tree.deepCopy();
        int cut = pointer.lastIndexOf('/');
        JsonNode parent = copy.at(pointer.substring(0, cut));
        String key = pointer.substring(cut + 1).replace("~1", "/").replace("~0", "~");
        JsonNode old = copy.at(pointer);
        JsonNodeFactory json = JsonNodeFactory.instance;
        double value = old.asDouble(0);
        boolean tiny = !tree.has("tol") && value < 1e-6 && value > 0;
        JsonNode other = old.isIntegralNumber()
                ? json.numberNode(old.asLong() + 1)
                : old.isNumber()
                        ? json.numberNode(tiny ? 2 * value : value + 0.02 * Math.abs(value) + 0.01)
                        : old.isBoolean()
                                ? json.booleanNode(!old.booleanValue())
                                : old.isNull() ? json.numberNode(1) : json.stringNode(old.asString() + "x");
        if (parent instanceof ObjectNode object) {
            object.set(key, other);
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(key), other);
        }
        return copy;
    }
}
