package dev.pareto.policies.route;

import dev.pareto.policies.predict.accuracy.Answer;
import dev.pareto.policies.predict.accuracy.Example;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Labelled prompts seen as a choice between two models, on one scale.
 *
 * @param train what may be learned from: judged on either model
 * @param test what routers are measured on: judged on both
 * @param positions of each tested row among the training rows when there is no training file; empty otherwise
 * @param notes what a reader should know; grows while the evaluation runs
 * @param least the score that counts as 0
 * @param most the score that counts as 1
 */
record RouterData(String strong, String weak, List<Row> train, List<Row> test, int[] positions, List<String> notes,
        double least,
        double most) {

    /**
     * @param strong the strong model's score in [0, 1]; NaN where it was not judged
     * @param weak the weak model's
     * @param answers the weak model's, then the second opinion; empty where unknown
     */
    record Row(String prompt, @Nullable String segment, double strong, double weak, List<Answer> answers) {

        Example example(int answers) {
            return new Example(prompt, segment, new double[]{strong, weak}, this.answers.subList(0, answers));
        }
    }

    int position(int testRow) {
        return positions[testRow];
    }

    static RouterData of(List<LabelledPrompt> data, @Nullable List<LabelledPrompt> train,
            RouterEvaluation.Settings settings) {
        Map<String, double[]> sums = new LinkedHashMap<>();
        for (LabelledPrompt prompt : data) {
            prompt.models().forEach((name, label) -> {
                double[] of = sums.computeIfAbsent(name, model -> new double[2]);
                if (label.score() != null) {
                    of[0] += label.score();
                    of[1]++;
                }
            });
        }
        String strong = choose(settings.strong(), "strong", sums, settings.weak(), 1);
        String weak = choose(settings.weak(), "weak", sums, strong, -1);
        if (strong.equals(weak)) {
            throw new IllegalArgumentException("a router chooses between two models, and both are " + strong);
        }
        List<LabelledPrompt> teachers = train == null ? data : train;
        double[] range = range(Stream.concat(data.stream(), teachers.stream()).toList(), strong, weak);
        String second = second(settings.second(), data, strong, weak, sums);
        List<String> notes = new ArrayList<>();
        List<Row> teach = new ArrayList<>();
        List<Row> test = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (LabelledPrompt prompt : teachers) {
            Row row = row(prompt, strong, weak, second, range);
            if (!Double.isNaN(row.strong) || !Double.isNaN(row.weak)) {
                teach.add(row);
            }
            if (train == null && !Double.isNaN(row.strong - row.weak)) {
                test.add(row);
                positions.add(teach.size() - 1);
            }
        }
        if (train != null) {
            Set<String> known = new HashSet<>();
            teach.forEach(row -> known.add(row.prompt));
            data.stream()
                    .map(prompt -> row(prompt, strong, weak, second, range))
                    .filter(row -> !Double.isNaN(row.strong - row.weak))
                    .forEach(test::add);
            long seen = test.stream().filter(row -> known.contains(row.prompt)).count();
            if (seen > 0) {
                notes.add(
                        seen + " tested prompts also stand in the training file, which flatters every learned router");
            }
        }
        if (range[0] != 0 || range[1] != 1) {
            notes.add("scores run from " + range[0] + " to " + range[1] + " and were mapped to 0 to 1 for learning");
        }
        if (data.size() > test.size()) {
            notes.add((data.size() - test.size())
                    + " lines lack a score of one of the two models and were not tested on");
        }
        if (sums.size() > 2) {
            notes.add(sums.size() + " models in the file; routed between " + strong + " and " + weak
                    + (second == null ? "" : ", second opinion from " + second));
        }
        requireGap(test, strong, weak);
        return new RouterData(strong, weak, List.copyOf(teach), List.copyOf(test),
                positions.stream().mapToInt(Integer::intValue).toArray(), notes, range[0], range[1]);
    }

    private static String choose(@Nullable String wanted, String role, Map<String, double[]> sums,
            @Nullable String other,
            int sign) {
        if (wanted != null) {
            if (!sums.containsKey(wanted)) {
                throw new IllegalArgumentException("no line has the " + role + " model " + wanted + "; there are "
                        + sums.keySet());
            }
            return wanted;
        }
        String best = null;
        double bestMean = 0;
        for (Map.Entry<String, double[]> entry : sums.entrySet()) {
            double mean = entry.getValue()[1] == 0 ? Double.NaN : sign * entry.getValue()[0] / entry.getValue()[1];
            if (!entry.getKey().equals(other) && !Double.isNaN(mean) && (best == null || mean > bestMean)) {
                best = entry.getKey();
                bestMean = mean;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("a router needs two models with scores; the file has " + sums.keySet());
        }
        return best;
    }

    private static double[] range(List<LabelledPrompt> prompts, String strong, String weak) {
        double least = 0;
        double most = 1;
        for (LabelledPrompt prompt : prompts) {
            for (String model : List.of(strong, weak)) {
                Double score = prompt.score(model);
                if (score != null) {
                    least = Math.min(least, score);
                    most = Math.max(most, score);
                }
            }
        }
        return new double[]{least, most};
    }

    private static @Nullable String second(@Nullable String wanted, List<LabelledPrompt> data, String strong,
            String weak,
            Map<String, double[]> sums) {
        if (wanted != null) {
            if (wanted.equals(strong) || wanted.equals(weak) || !sums.containsKey(wanted)) {
                throw new IllegalArgumentException(
                        "the second opinion comes from a third model of the file, not from " + wanted
                                + "; there are " + sums.keySet());
            }
            return wanted;
        }
        // Of several the one with the lowest score is most likely the cheapest; an unjudged one comes first.
        String found = null;
        double lowest = 0;
        for (Map.Entry<String, double[]> entry : sums.entrySet()) {
            String name = entry.getKey();
            double mean = entry.getValue()[1] == 0 ? -1 : entry.getValue()[0] / entry.getValue()[1];
            if (!name.equals(strong) && !name.equals(weak) && (found == null || mean < lowest)
                    && data.stream().anyMatch(prompt -> prompt.answer(name) != null)) {
                found = name;
                lowest = mean;
            }
        }
        return found;
    }

    private static Row row(LabelledPrompt prompt, String strong, String weak, @Nullable String second, double[] range) {
        List<Answer> answers = new ArrayList<>();
        Answer first = prompt.answer(weak);
        Answer other = second == null ? null : prompt.answer(second);
        if (first != null) {
            answers.add(first);
            if (other != null) {
                answers.add(other);
            }
        }
        return new Row(prompt.prompt(), prompt.segment(), scaled(prompt.score(strong), range),
                scaled(prompt.score(weak), range), List.copyOf(answers));
    }

    private static double scaled(@Nullable Double score, double[] range) {
        return score == null ? Double.NaN : (score - range[0]) / (range[1] - range[0]);
    }

    private static void requireGap(List<Row> test, String strong, String weak) {
        if (test.isEmpty()) {
            throw new IllegalArgumentException("no line has scores of both " + strong + " and " + weak);
        }
        double gap = test.stream().mapToDouble(row -> row.strong - row.weak).sum() / test.size();
        if (gap <= 1e-9) {
            throw new IllegalArgumentException("on the " + test.size() + " prompts with both scores " + strong
                    + " is not better than " + weak
                    + ", so there is no gap to recover; name the models with --strong and --weak");
        }
    }
}
