package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.QuestionReader;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.finance.FrameReport;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The reports about models, each asked with the parameters of a URL ({@link QuestionReader}). Each reads one consistent state of the
 * ledger. They block: call them on a thread that may wait. A wrong parameter is an {@link IllegalArgumentException} with a message for the
 * caller. Thread-safe.
 */
public final class ModelReports {

    private static final int MOST_LETTERS = 256;

    private final TransactionTemplate snapshot;
    private final QuestionReader questions;
    private final InstantSource clock;
    private final Supplier<Surroundings> surroundings;
    private final FrameReport frames;
    private final ModelReport models;
    private final CacheReport caches;
    private final CapacityReport capacities;

    /**
     * @param book the currency in which the books are kept, e.g. {@code USD}
     * @param surroundings as they are when a report is asked
     */
    public ModelReports(Store store, InstantSource clock, String book, Supplier<Surroundings> surroundings) {
        Reads reads = Reads.of(store);
        LineReader lines = new LineReader(reads, book);
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
        this.questions = new QuestionReader(clock);
        this.clock = clock;
        this.surroundings = surroundings;
        this.frames = new FrameReport(reads, book);
        this.models = new ModelReport(lines);
        this.caches = new CacheReport(lines);
        this.capacities = new CapacityReport(lines);
    }

    /**
     * {@code GET /api/money/models?of=openai/gpt-4o&instead=openai/gpt-4o-mini}: what models cost by the book and what was paid; one of
     * them in full, and its use at another's price.
     */
    public ModelPrices models(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of(), "of", "instead");
        String of = name(given, "of");
        String instead = name(given, "instead");
        if (instead != null && of == null) {
            throw new IllegalArgumentException(
                    "state of= as well: the model whose use is laid at the price of " + instead);
        }
        return read(question, (frame, known, now) -> models.read(frame, question, of, instead, known, now));
    }

    /** {@code GET /api/money/cache?group=route}: what caches earned. */
    public Caches cache(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of(Dimension.MODEL));
        return read(question, (frame, known, now) -> caches.read(frame, question, known, now));
    }

    /** {@code GET /api/money/capacity?against=openai/gpt-4o-mini}: whether machines of the house pay, and how near limits are. */
    public Capacity capacity(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of(), "against");
        if (question.filtersByTag()) {
            throw new IllegalArgumentException(
                    "by tag, only calls, tokens and money are kept; ask for capacity without a filter by tag");
        }
        String against = name(given, "against");
        return read(question, (frame, known, now) -> capacities.read(frame, question, against, known, now));
    }

    private static @Nullable String name(Map<String, List<String>> given, String parameter) {
        List<String> values = given.getOrDefault(parameter, List.of());
        if (values.size() > 1) {
            throw new IllegalArgumentException("state " + parameter + " once");
        }
        if (values.isEmpty() || values.getFirst().isEmpty()) {
            return null;
        }
        String name = values.getFirst();
        if (name.length() > MOST_LETTERS || !name.contains("/")) {
            throw new IllegalArgumentException(parameter + " is a model's name such as openai/gpt-4o, not '"
                    + ModelReport.shown(name) + "'");
        }
        return name;
    }

    /** What a report is made of. */
    @FunctionalInterface
    private interface Query<T> {
        T read(Frame frame, Surroundings known, Instant now);
    }

    private <T> T read(Question question, Query<T> query) {
        Surroundings known = surroundings.get();
        Instant now = clock.instant();
        return Objects.requireNonNull(snapshot.execute(
                status -> query.read(frames.frame(question, now), known, now)));
    }
}
