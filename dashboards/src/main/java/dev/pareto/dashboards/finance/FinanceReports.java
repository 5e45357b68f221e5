package dev.pareto.dashboards.finance;

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
 * The reports behind the pages of finance, each asked with the parameters of a URL ({@link QuestionReader}). Each reads one
 * consistent state of the ledger, so that its parts add up. They block: call them on a virtual thread. A wrong parameter is an
 * {@link IllegalArgumentException} with a message for the caller.
 */
public final class FinanceReports {

    private final TransactionTemplate snapshot;
    private final QuestionReader questions;
    private final JdbcClient reads;

    public FinanceReports(Store store, InstantSource clock) {
        this.questions = new QuestionReader(clock);
        this.reads = JdbcClient.create(store.reads());
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
    }

    /** {@code GET /api/money/choices}: by what can be filtered. */
    public Choices choices(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        return read(() -> Choices.read(reads, question));
    }

    private <T> T read(Supplier<T> query) {
        return Objects.requireNonNull(snapshot.execute(status -> query.get()));
    }
}
