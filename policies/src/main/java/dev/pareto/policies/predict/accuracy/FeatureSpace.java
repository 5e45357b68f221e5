package dev.pareto.policies.predict.accuracy;

import dev.pareto.policies.predict.learn.SparseRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which columns a text's features fall into, learned from the training texts alone: hashed words with their rarity, measures of
 * shape cut at their quantiles, and the segment with the parts of its name, so that {@code high_school_physics} learns from other
 * physics and other high schools (a shrunken mean at every level). Immutable, safe for threads.
 */
final class FeatureSpace {

    /** How strongly each block speaks; a row's block has about this length. */
    record Scales(double words, double shape, double segment, double part) {

        static final Scales USUAL = new Scales(1, 0.6, 0.6, 0.6);
    }

    static final String BIAS = "bias";
    static final String SEGMENT = "segment";

    static final int KNOTS = 5;
    private static final int LEAST_DOCUMENTS = 2;

    final int[] slots;
    /** One bit a hash, whether it has a slot: most of a text's have none, and these bits stay in a cache where the slots do not. */
    private final long[] known;
    final float[] rarity;
    final float[] centre;
    final float[] spread;
    final float[] knots;
    final Map<String, Integer> segments;
    final Scales scales;
    private final Map<String, List<String>> knownParts;
    final int words;
    final int dense;

    FeatureSpace(int[] slots, float[] rarity, float[] centre, float[] spread, float[] knots,
            Map<String, Integer> segments,
            Scales scales) {
        this.slots = slots;
        this.known = new long[(slots.length + Long.SIZE - 1) >> 6];
        for (int hash = 0; hash < slots.length; hash++) {
            if (slots[hash] != 0) {
                known[hash >> 6] |= 1L << hash;
            }
        }
        this.rarity = rarity;
        this.centre = centre;
        this.spread = spread;
        this.knots = knots;
        this.segments = Map.copyOf(segments);
        this.scales = scales;
        this.words = rarity.length;
        this.dense = centre.length;
        this.knownParts = new HashMap<>();
        for (String name : segments.keySet()) {
            knownParts.put(name, parts(name));
        }
    }

    int columns() {
        return 1 + words + dense * (1 + KNOTS) + segments.size();
    }

    static FeatureSpace learn(List<EncodedPrompt> texts, Scales scales) {
        int[] documents = new int[1 << EncodedText.HASH_BITS];
        int dense = EncodedText.DENSE;
        float[][] columns = new float[dense][texts.size()];
        for (int row = 0; row < texts.size(); row++) {
            EncodedPrompt text = texts.get(row);
            for (int hash : text.hashes) {
                documents[hash]++;
            }
            for (int d = 0; d < dense; d++) {
                columns[d][row] = text.dense[d];
            }
        }
        float[] rarity = new float[documents.length];
        int used = 0;
        for (int hash = 0; hash < documents.length; hash++) {
            if (documents[hash] >= LEAST_DOCUMENTS) {
                rarity[used] = (float) (Math.log((1.0 + texts.size()) / (1 + documents[hash])) + 1);
                documents[hash] = ++used;
            } else {
                documents[hash] = 0;
            }
        }
        float[] centre = new float[dense];
        float[] spread = new float[dense];
        float[] knots = new float[dense * (KNOTS - 1)];
        for (int d = 0; d < dense; d++) {
            quantiles(columns[d], d, centre, spread, knots);
        }
        return new FeatureSpace(documents, Arrays.copyOf(rarity, used), centre, spread, knots, names(texts), scales);
    }

    private static void quantiles(float[] column, int d, float[] centre, float[] spread, float[] knots) {
        double sum = 0;
        double squares = 0;
        for (float value : column) {
            sum += value;
            squares += value * value;
        }
        double mean = sum / column.length;
        centre[d] = (float) mean;
        spread[d] = (float) Math.sqrt(Math.max(1e-6, squares / column.length - mean * mean));
        Arrays.sort(column);
        for (int k = 1; k < KNOTS; k++) {
            knots[d * (KNOTS - 1) + k - 1] = column[Math.min(column.length - 1, column.length * k / KNOTS)];
        }
    }

    private static Map<String, Integer> names(List<EncodedPrompt> texts) {
        Map<String, Integer> count = new TreeMap<>();
        for (EncodedPrompt text : texts) {
            String segment = text.segment();
            if (segment != null) {
                count.merge(segment, 1, Integer::sum);
                for (String part : parts(segment)) {
                    count.merge(part, 1, Integer::sum);
                }
            }
        }
        Map<String, Integer> index = new HashMap<>();
        for (String name : count.keySet()) {
            index.put(name, index.size());
        }
        return index;
    }

    /** What a segment's name is made of, marked so that no part is taken for a whole segment. */
    static List<String> parts(String segment) {
        List<String> parts = new ArrayList<>();
        for (String part : segment.split("[^\\p{L}\\p{N}]+", -1)) {
            if (!part.isEmpty()) {
                parts.add("~" + part);
            }
        }
        return parts;
    }

    /** Appends a text's features to a row. */
    void put(EncodedText text, @Nullable String segment, SparseRow row) {
        put(text.hashes, text.counts, text.distinct, text.dense, segment, row);
    }

    /** The same of a text that was read before. */
    void put(EncodedPrompt text, SparseRow row) {
        put(text.hashes, text.counts, text.hashes.length, text.dense, text.segment(), row);
    }

    private void put(int[] hashes, int[] counts, int distinct, float[] measures, @Nullable String segment,
            SparseRow row) {
        row.add(0, 1);
        int words = row.size();
        double squares = 0;
        for (int i = 0; i < distinct; i++) {
            int hash = hashes[i];
            if ((known[hash >> 6] & (1L << hash)) != 0) {
                int slot = slots[hash];
                row.add(slot, counts[i]); // for now
                double value = weight(counts[i]) * rarity[slot - 1];
                squares += value * value;
            }
        }
        double scale = squares == 0 ? 0 : scales.words / Math.sqrt(squares);
        for (int i = words; i < row.size(); i++) {
            row.set(i, (float) (weight((int) row.value(i)) * rarity[row.column(i) - 1] * scale));
        }
        shape(measures, row);
        segment(segment, row);
    }

    /** What a column beyond the words stands for. */
    String name(int column) {
        if (column == 0) {
            return BIAS;
        }
        int at = column - 1 - words;
        if (at < 0) {
            return "words";
        }
        if (at < dense * (1 + KNOTS)) {
            return EncodedText.DENSE_NAMES.get(at < dense ? at : (at - dense) / KNOTS);
        }
        return SEGMENT;
    }

    /** Each measure once as it is and once as the fifth of the training texts that it falls into. */
    private void shape(float[] measures, SparseRow row) {
        int at = 1 + words;
        float linear = (float) (scales.shape / Math.sqrt(2.0 * dense));
        for (int d = 0; d < dense; d++) {
            row.add(at + d, Math.clamp((measures[d] - centre[d]) / spread[d], -3f, 3f) * linear);
            int bin = 0;
            while (bin < KNOTS - 1 && measures[d] > knots[d * (KNOTS - 1) + bin]) {
                bin++;
            }
            row.add(at + dense + d * KNOTS + bin, linear);
        }
    }

    private void segment(@Nullable String segment, SparseRow row) {
        if (segment == null) {
            return;
        }
        int at = 1 + words + dense * (1 + KNOTS);
        Integer whole = segments.get(segment);
        if (whole != null) {
            row.add(at + whole, (float) scales.segment);
        }
        List<String> parts = knownParts.getOrDefault(segment, List.of());
        if (whole == null) {
            parts = parts(segment);
        }
        for (String part : parts) {
            Integer index = segments.get(part);
            if (index != null) {
                row.add(at + index, (float) (scales.part / Math.sqrt(parts.size())));
            }
        }
    }

    static double weight(int count) {
        return count == 1 ? 1 : 1 + Math.log(count);
    }
}
