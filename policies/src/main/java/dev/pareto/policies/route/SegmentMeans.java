package dev.pareto.policies.route;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A baseline: the mean gap of a prompt's segment, shrunk to that of all prompts as 24 labels would. */
final class SegmentMeans {

    private static final double SHRINK = 24;

    private final Map<String, Double> gaps = new HashMap<>();
    private final double overall;

    private SegmentMeans(List<RouterData.Row> rows) {
        Map<String, double[]> sums = new HashMap<>();
        double sum = 0;
        int count = 0;
        for (RouterData.Row row : rows) {
            double gap = row.strong() - row.weak();
            if (Double.isNaN(gap)) {
                continue;
            }
            sum += gap;
            count++;
            if (row.segment() != null) {
                double[] of = sums.computeIfAbsent(row.segment(), name -> new double[2]);
                of[0] += gap;
                of[1]++;
            }
        }
        overall = count == 0 ? 0 : sum / count;
        sums.forEach((name, of) -> gaps.put(name, (of[0] + SHRINK * overall) / (of[1] + SHRINK)));
    }

    static SegmentMeans of(List<RouterData.Row> rows) {
        return new SegmentMeans(rows);
    }

    double gap(@Nullable String segment) {
        return segment == null ? overall : gaps.getOrDefault(segment, overall);
    }
}
