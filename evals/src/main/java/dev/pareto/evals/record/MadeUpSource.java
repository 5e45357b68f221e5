package dev.pareto.evals.record;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.pareto.evals.record.Published.Answers;
import dev.pareto.evals.record.Published.Item;
import dev.pareto.evals.record.Published.Said;
import dev.pareto.evals.record.Published.Sink;

/**
 * Sums that nobody was ever asked, with the answers of two models that do not exist, {@code closed} and {@code open}, each right on
 * a known share: for load tests and demonstrations. The same number of items gives the same files.
 */
final class MadeUpSource {

    private static final double CLOSED_ACCURACY = 0.95;
    private static final double OPEN_ACCURACY = 0.945;
    /** Words before each answer, so that its size is that of a model that explains itself. */
    private static final String REASONING = "First I take the larger number, then I add the smaller one digit by digit, "
            + "carrying over where a column has ten or more. ".repeat(6);

    private MadeUpSource() {}

    static Published of(int items) {
        List<Item> all = new ArrayList<>(items);
        for (int i = 0; i < items; i++) {
            all.add(new Item("sum-" + i, question(i), Integer.toString(sum(i)), i % 2 == 0 ? "even" : "odd"));
        }
        return new Published("made-up", "Made-up sums with made-up answers", "none: made up",
                "{id: answer, type: number, primary: true}", all,
                List.of(new MadeUp("closed", CLOSED_ACCURACY, items), new MadeUp("open", OPEN_ACCURACY, items)));
    }

    private static String question(int i) {
        return "Case " + i + ". A shop sold " + (i % 997) + " pens in the morning and " + (i % 613 + 17)
                + " in the afternoon. How many pens did it sell? Explain, then end with the number.";
    }

    private static int sum(int i) {
        return i % 997 + i % 613 + 17;
    }

    private record MadeUp(String model, double accuracy, int items) implements Answers {

        @Override
        public void forEach(Sink sink) throws IOException {
            Random random = new Random(model.hashCode());
            for (int i = 0; i < items; i++) {
                int answer = random.nextDouble() < accuracy ? sum(i) : sum(i) + 10;
                sink.take("sum-" + i, Said.of(REASONING + "The shop sold " + answer));
            }
        }
    }
}
