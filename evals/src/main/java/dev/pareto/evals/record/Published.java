package dev.pareto.evals.record;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Published items with the answers that models gave to them, before they are a suite.
 *
 * @param suite a name for the suite
 * @param description for people
 * @param source where it comes from, with its licence
 * @param grader the grader that counts, as YAML, e.g. {@code {id: answer, type: number, primary: true}}
 * @param items in their published order
 * @param models one for each model that was asked; none when only the items are published
 */
public record Published(String suite, String description, String source, String grader, List<Item> items,
        List<Answers> models) {

    /** Checks and copies. */
    public Published {
        requireNonNull(suite, "suite is null");
        requireNonNull(description, "description is null");
        requireNonNull(source, "source is null");
        requireNonNull(grader, "grader is null");
        items = List.copyOf(items);
        models = List.copyOf(models);
    }

    /**
     * One question.
     *
     * @param question the one user message
     * @param expected the key; null when none is published
     */
    public record Item(String id, String question, @Nullable String expected, @Nullable String stratum) {

        /** Checks what must be there. */
        public Item {
            requireNonNull(id, "id is null");
            requireNonNull(question, "question is null");
        }
    }

    /** What one model answered, item by item; read when it is asked for. */
    public interface Answers {

        /** The model's published name. */
        String model();

        /** Tells every answer once, in the order of the file. */
        void forEach(Sink sink) throws IOException;
    }

    /** Takes answers. */
    @FunctionalInterface
    public interface Sink {

        /** @param item the item's id */
        void take(String item, Said said) throws IOException;
    }

    /** An answer with what was measured of it; what was not is null. */
    public record Said(String output, @Nullable Long tokens, @Nullable Long promptTokens,
            @Nullable Double latencyMillis, @Nullable String finishReason) {

        /** Only words. */
        public static Said of(String output) {
            return new Said(output, null, null, null, null);
        }
    }
}
