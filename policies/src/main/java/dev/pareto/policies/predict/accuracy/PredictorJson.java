package dev.pareto.policies.predict.accuracy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.policies.predict.learn.BoostedTrees;
import dev.pareto.policies.predict.learn.Calibration;
import dev.pareto.policies.predict.learn.Isotonic;
import dev.pareto.policies.predict.learn.Platt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Exports and imports what was learned, as one JSON document: numbers in base64 (little-endian), hashes instead of words, no text of
 * any prompt. The version is a hash of the content, so that a decision can name the model that it rests on.
 */
public final class PredictorJson {

    /** 2 knows stepped calibrations beside the logistic ones of 1. */
    private static final int FORMAT = 2;
    private static final String BEFORE = "success-predictor";
    private static final String AFTER = "verifier";
    private static final String LENGTH = "length-predictor";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PredictorJson() {}

    public static String write(SuccessPredictor predictor) {
        ObjectNode root = root(BEFORE, predictor.models(), predictor.labels());
        space(predictor.space(), root.putObject("space"));
        heads(predictor.heads(), root.putObject("heads"));
        return root.toString();
    }

    public static String write(Verifier verifier) {
        ObjectNode root = root(AFTER, verifier.models(), verifier.labels());
        root.put("answers", verifier.readsTwo() ? 2 : 1);
        space(verifier.space(), root.putObject("space"));
        heads(verifier.heads(), root.putObject("heads"));
        return root.toString();
    }

    public static String write(LengthPredictor predictor) {
        LengthPredictor.Parts parts = predictor.parts();
        ObjectNode root = root(LENGTH, parts.models(), Arrays.stream(parts.answers()).boxed().toList());
        space(predictor.space(), root.putObject("space"));
        root.put("weights", text(parts.weights()));
        doubles(parts.means(), root.putArray("means"));
        doubles(parts.smearing(), root.putArray("smearing"));
        doubles(parts.bound(), root.putArray("bound"));
        return root.toString();
    }

    /** What names an exported model: the first 16 hexadecimal digits of its SHA-256. */
    public static String version(String exported) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(exported.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * @throws IllegalArgumentException when the document is no predictor of this format
     */
    public static SuccessPredictor readPredictor(String exported) {
        JsonNode root = parse(exported, BEFORE);
        List<String> models = texts(root.path("models"));
        FeatureSpace space = space(root.path("space"));
        return new SuccessPredictor(models, labels(root), space,
                heads(root.path("heads"), models.size(), EncodedText.DENSE, space));
    }

    /**
     * @throws IllegalArgumentException when the document is no verifier of this format
     */
    public static Verifier readVerifier(String exported) {
        JsonNode root = parse(exported, AFTER);
        List<String> models = texts(root.path("models"));
        boolean second = root.path("answers").asInt(0) == 2;
        FeatureSpace space = space(root.path("space"));
        return new Verifier(models, labels(root), second, space,
                heads(root.path("heads"), models.size(), AnswerFeatures.names(second).size(), space));
    }

    /**
     * @throws IllegalArgumentException when the document is no length predictor of this format
     */
    public static LengthPredictor readLengths(String exported) {
        JsonNode root = parse(exported, LENGTH);
        List<String> models = texts(root.path("models"));
        FeatureSpace space = space(root.path("space"));
        LengthPredictor.Parts parts = new LengthPredictor.Parts(models, floats(root, "weights"),
                doubles(root.path("means")), doubles(root.path("smearing")), doubles(root.path("bound")),
                labels(root).stream().mapToInt(Integer::intValue).toArray());
        require(parts.weights().length == space.columns() * models.size(), "weights");
        require(parts.means().length == models.size() && parts.smearing().length == models.size()
                && parts.bound().length == models.size(), "means, smearing and bound");
        return new LengthPredictor(parts, space);
    }

    private static ObjectNode root(String kind, List<String> models, List<Integer> labels) {
        ObjectNode root = JSON.createObjectNode();
        root.put("kind", kind);
        root.put("format", FORMAT);
        ArrayNode names = root.putArray("models");
        models.forEach(names::add);
        ArrayNode counts = root.putArray("labels");
        labels.forEach(counts::add);
        return root;
    }

    private static JsonNode parse(String exported, String kind) {
        JsonNode root;
        try {
            root = JSON.readTree(exported);
        } catch (JacksonException wrong) {
            throw new IllegalArgumentException("no exported " + kind + ": " + wrong.getOriginalMessage(), wrong);
        }
        if (!root.path("kind").asString("").equals(kind) || root.path("format").asInt(0) < 1
                || root.path("format").asInt(0) > FORMAT) {
            throw new IllegalArgumentException("no exported " + kind + " of format " + FORMAT);
        }
        return root;
    }

    private static void space(FeatureSpace space, ObjectNode into) {
        int[] hashes = new int[space.words];
        for (int hash = 0; hash < space.slots.length; hash++) {
            if (space.slots[hash] != 0) {
                hashes[space.slots[hash] - 1] = hash;
            }
        }
        into.put("hashes", text(hashes));
        into.put("rarity", text(space.rarity));
        into.put("centre", text(space.centre));
        into.put("spread", text(space.spread));
        into.put("knots", text(space.knots));
        ArrayNode scales = into.putArray("scales");
        scales.add(space.scales.words()).add(space.scales.shape()).add(space.scales.segment()).add(space.scales.part());
        ObjectNode segments = into.putObject("segments");
        new TreeMap<>(space.segments).forEach(segments::put);
    }

    private static FeatureSpace space(JsonNode node) {
        int[] slots = new int[1 << EncodedText.HASH_BITS];
        float[] rarity = floats(node, "rarity");
        int[] hashes = ints(node, "hashes");
        require(hashes.length == rarity.length, "hashes");
        for (int i = 0; i < hashes.length; i++) {
            require(hashes[i] >= 0 && hashes[i] < slots.length, "hashes");
            slots[hashes[i]] = i + 1;
        }
        float[] centre = floats(node, "centre");
        float[] spread = floats(node, "spread");
        float[] knots = floats(node, "knots");
        require(centre.length == EncodedText.DENSE && spread.length == centre.length
                && knots.length == centre.length * (FeatureSpace.KNOTS - 1), "centre, spread and knots");
        Map<String, Integer> segments = new HashMap<>();
        for (Map.Entry<String, JsonNode> segment : node.path("segments").properties()) {
            segments.put(segment.getKey(), segment.getValue().asInt(-1));
        }
        require(segments.values().stream().allMatch(index -> index >= 0 && index < segments.size()), "segments");
        JsonNode scales = node.path("scales");
        return new FeatureSpace(slots, rarity, centre, spread, knots, segments,
                new FeatureSpace.Scales(scales.path(0).asDouble(), scales.path(1).asDouble(), scales.path(2).asDouble(),
                        scales.path(3).asDouble()));
    }

    private static void heads(SuccessHeads heads, ObjectNode into) {
        into.put("weights", text(heads.weights));
        doubles(heads.means, into.putArray("means"));
        into.put("linear_share", heads.linearShare);
        ArrayNode calibrations = into.putArray("calibrations");
        heads.calibrations.forEach(calibration -> calibration(calibration, calibrations));
        ArrayNode trees = into.putArray("trees");
        for (BoostedTrees each : heads.trees) {
            BoostedTrees.Parts parts = each.parts();
            trees.addObject()
                    .put("start", parts.start())
                    .put("features", text(parts.features()))
                    .put("cuts", text(parts.cuts()))
                    .put("leaves", text(parts.leaves()));
        }
    }

    private static void calibration(Calibration calibration, ArrayNode into) {
        switch (calibration) {
            case Platt platt -> into.addArray().add(platt.slope()).add(platt.intercept());
            case Isotonic steps -> {
                ObjectNode node = into.addObject();
                doubles(steps.scores(), node.putArray("scores"));
                doubles(steps.probabilities(), node.putArray("probabilities"));
            }
        }
    }

    private static Calibration calibration(JsonNode node) {
        return node.isArray()
                ? new Platt(node.path(0).asDouble(), node.path(1).asDouble())
                : new Isotonic(doubles(node.path("scores")), doubles(node.path("probabilities")));
    }

    private static void doubles(double[] values, ArrayNode into) {
        for (double value : values) {
            into.add(value);
        }
    }

    private static double[] doubles(JsonNode node) {
        double[] values = new double[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.path(i).asDouble();
        }
        return values;
    }

    private static SuccessHeads heads(JsonNode node, int count, int width, FeatureSpace space) {
        double[] means = doubles(node.path("means"));
        require(count > 0 && means.length > 0 && means.length % count == 0, "means");
        float[] weights = floats(node, "weights");
        require(weights.length == space.columns() * means.length, "weights");
        List<Calibration> calibrations = new ArrayList<>();
        node.path("calibrations").forEach(each -> calibrations.add(calibration(each)));
        require(calibrations.size() == count, "calibrations");
        List<BoostedTrees> trees = new ArrayList<>();
        for (JsonNode tree : node.path("trees")) {
            trees.add(new BoostedTrees(
                    new BoostedTrees.Parts((float) tree.path("start").asDouble(), ints(tree, "features"),
                            floats(tree, "cuts"), floats(tree, "leaves")),
                    width + count));
        }
        require(trees.size() == means.length, "trees");
        return new SuccessHeads(count, width, weights, means, trees, node.path("linear_share").asDouble(),
                calibrations);
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        node.forEach(text -> texts.add(text.asString()));
        return texts;
    }

    private static List<Integer> labels(JsonNode root) {
        List<Integer> labels = new ArrayList<>();
        root.path("labels").forEach(count -> labels.add(count.asInt()));
        require(labels.size() == root.path("models").size(), "labels");
        return labels;
    }

    private static void require(boolean holds, String part) {
        if (!holds) {
            throw new IllegalArgumentException("the exported model is damaged: " + part);
        }
    }

    private static String text(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static String text(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static float[] floats(JsonNode node, String name) {
        ByteBuffer bytes = bytes(node, name);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private static int[] ints(JsonNode node, String name) {
        ByteBuffer bytes = bytes(node, name);
        int[] values = new int[bytes.remaining() / Integer.BYTES];
        bytes.asIntBuffer().get(values);
        return values;
    }

    private static ByteBuffer bytes(JsonNode node, String name) {
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(node.path(name).asString("")))
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("the exported model is damaged: " + name, wrong);
        }
    }
}
