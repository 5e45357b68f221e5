package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.QuestionReader;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The reports that look beyond the books, each asked with the parameters of a URL ({@link QuestionReader}). Each reads one consistent
 * state of the ledger. They block: call them on a thread that may wait. A wrong parameter is an {@link IllegalArgumentException} with a
 * message for the caller.
 */
public final class OutlookReports {

    private final InstantSource clock;
    private final TransactionTemplate snapshot;
    private final QuestionReader questions;
    private final ForecastReport forecasts;
    private final AnomalyMarks marks;
    private final AnomalyReport anomalies;
    private final SavingsReport savings;

    /** @param currency in which the books are kept, e.g. {@code USD} */
    public OutlookReports(Store store, InstantSource clock, String currency) {
        Reads reads = Reads.of(store);
        this.clock = clock;
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
        this.questions = new QuestionReader(clock);
        this.forecasts = new ForecastReport(reads, currency);
        this.marks = new AnomalyMarks(store);
        this.anomalies = new AnomalyReport(reads, marks, currency);
        this.savings = new SavingsReport(reads, currency);
    }

    /** {@code GET /api/money/forecast}: where this month and this quarter land; {@code group} says by what it is divided. */
    public Forecast forecast(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of(Dimension.VENDOR));
        return read(() -> forecasts.read(question, clock.instant()));
    }

    /** {@code GET /api/money/anomalies}: hours of the period that cost far more than usual. */
    public Anomalies anomalies(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        return read(() -> anomalies.read(question, clock.instant()));
    }

    /**
     * {@code GET /api/money/anomalies/series}: the hours about one of those incidents, with what is usual. Besides the question's own:
     * {@code begins} and {@code ends}, the incident's hours, and where it is not about all spend {@code line=tenant:name}.
     */
    public AnomalySeries anomaly(Map<String, List<String>> given) {
        String line = one(given, "line");
        int colon = line.indexOf(':');
        Dimension dimension = line.isEmpty() ? null : dimension(line.substring(0, Math.max(0, colon)));
        Instant from = instant(given, "begins");
        Instant to = instant(given, "ends");
        Map<String, List<String>> rest = new HashMap<>(given);
        List.of("line", "begins", "ends").forEach(rest::remove);
        Question question = questions.read(rest, List.of());
        return read(() -> anomalies.series(question, clock.instant(), from, to, dimension, line.substring(colon + 1)));
    }

    /** Writes down what a person made of an anomaly. */
    public void mark(AnomalyMark mark) {
        marks.add(mark);
    }

    private static Dimension dimension(String name) {
        return List.of(Dimension.TENANT, Dimension.ROUTE)
                .stream()
                .filter(one -> one.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("line is tenant:NAME or route:NAME"));
    }

    private static Instant instant(Map<String, List<String>> given, String name) {
        try {
            return Instant.parse(one(given, name));
        } catch (DateTimeParseException wrong) {
            throw new IllegalArgumentException("'" + name + "' is a moment such as 2026-11-14T10:00:00Z", wrong);
        }
    }

    private static String one(Map<String, List<String>> given, String name) {
        List<String> values = given.getOrDefault(name, List.of());
        return values.isEmpty() || values.getFirst() == null ? "" : values.getFirst();
    }

    /** {@code GET /api/money/savings}: what the gateway saved in the period, modelled and measured. */
    public Savings savings(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        return read(() -> savings.read(question, clock.instant()));
    }

    private <T> T read(Supplier<T> query) {
        return Objects.requireNonNull(snapshot.execute(status -> query.get()));
    }
}
