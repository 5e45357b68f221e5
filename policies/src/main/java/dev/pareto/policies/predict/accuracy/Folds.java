package dev.pareto.policies.predict.accuracy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Cuts rows into folds of equal size; equal prompts share a fold, or a model would be asked what it was told. */
public final class Folds {

    private Folds() {}

    /** The fold of each row, 0 to {@code count - 1}. */
    public static int[] assign(List<?> prompts, int count, long seed) {
        Map<Object, List<Integer>> rows = new LinkedHashMap<>();
        for (int row = 0; row < prompts.size(); row++) {
            rows.computeIfAbsent(prompts.get(row), prompt -> new ArrayList<>()).add(row);
        }
        List<List<Integer>> groups = new ArrayList<>(rows.values());
        Collections.shuffle(groups, new Random(seed));
        int[] fold = new int[prompts.size()];
        int at = 0;
        for (List<Integer> group : groups) {
            for (int row : group) {
                fold[row] = at % count;
            }
            at++;
        }
        return fold;
    }

    /** How many prompts differ. */
    public static int distinct(List<?> prompts) {
        return (int) prompts.stream().distinct().count();
    }
}
