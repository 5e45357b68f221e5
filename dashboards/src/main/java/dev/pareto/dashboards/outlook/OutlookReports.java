package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.QuestionReader;
import dev.pareto.dashboards.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The reports that look beyond the books, each asked with the parameters of a URL ({@link QuestionReader}). Each reads one consistent
 * state of the ledger. They block: call them on a virtual thread. A wrong parameter is an {@link IllegalArgumentException} with a
 * message for the caller.
 */
public final class OutlookReports {

    private final InstantSource clock;
    private final TransactionTemplate snapshot;
    private final QuestionReader questions;
    private final ForecastReport forecasts;
    private final AnomalyReport anomalies;
    private final SavingsReport savings;

    /** @param currency in which the books are kept, e.g. {@code USD} */
    public OutlookReports(Store store, InstantSource clock, String currency) {
        JdbcClient reads = JdbcClient.create(store.reads());
        this.clock = clock;
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
        this.questions = new QuestionReader(clock);
        this.forecasts = new ForecastReport(reads, currency);
        this.anomalies = new AnomalyReport(reads, currency);
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

    /** {@code GET /api/money/savings}: what the gateway saved in the period, modelled and measured. */
    public Savings savings(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        return read(() -> savings.read(question, clock.instant()));
    }

    private <T> T read(Supplier<T> query) {
        return Objects.requireNonNull(snapshot.execute(status -> query.get()));
    }
}
