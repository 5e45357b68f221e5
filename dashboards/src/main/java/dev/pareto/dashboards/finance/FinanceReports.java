package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.QuestionReader;
import dev.pareto.dashboards.reconcile.Reconciliation;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The reports behind the pages of finance, each asked with the parameters of a URL ({@link QuestionReader}). Each reads one
 * consistent state of the ledger, so that its parts add up. They block: call them on a thread that may wait. A wrong parameter is an
 * {@link IllegalArgumentException} with a message for the caller.
 */
public final class FinanceReports {

    private final TransactionTemplate snapshot;
    private final QuestionReader questions;
    private final InstantSource clock;
    private final Reads reads;
    private final String book;
    private final FrameReport frames;
    private final SpendReader spend;
    private final ChangeReport changes;
    private final Reconciliation reconciliation;

    /**
     * @param book the currency in which the books are kept, e.g. {@code USD}
     */
    public FinanceReports(Store store, InstantSource clock, String book) {
        this.questions = new QuestionReader(clock);
        this.reads = Reads.of(store);
        this.clock = clock;
        this.book = book;
        this.frames = new FrameReport(reads, book);
        this.spend = new SpendReader(reads, book);
        this.changes = new ChangeReport(reads, book, spend);
        this.reconciliation = new Reconciliation(store);
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
    }

    /** {@code GET /api/money/choices}: by what can be filtered. */
    public Choices choices(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        return read(() -> Choices.read(reads, question));
    }

    /** {@code GET /api/money/overview?group=model}: what was spent, on what, against what. */
    public SpendOverview overview(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of(Dimension.MODEL));
        return read(() -> {
            Frame frame = frame(question);
            SpendOverview.Read read = SpendOverview.Read.of(spend, question);
            return SpendOverview.of(frame, read, question,
                    changes.summary(frame, question.by(), read.before(), read.now()), tagKeys(question));
        });
    }

    /** {@code GET /api/money/changes}: why spend differs from that of the period before. */
    public Changes changes(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        return read(() -> changes.changes(frame(question), question));
    }

    /** {@code GET /api/money/chargeback?group=tag.team,model}: who pays what. */
    public Chargeback chargeback(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of(Dimension.TENANT));
        return read(() -> Chargeback.of(frame(question), spend, question, tagKeys(question)));
    }

    /** {@code GET /api/money/statement?tenant=acme}: what a part of the spend is charged for, line by line. */
    public Statement statement(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        return read(() -> Statement.read(frame(question), reads, book, question));
    }

    /** {@code GET /api/money/units?group=route}: what one useful answer costs. */
    public Units units(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of(Dimension.ROUTE));
        return read(() -> Units.of(frame(question), spend, question, tagKeys(question)));
    }

    /** {@code GET /api/money/reconciled}: how much of the spend vendors have confirmed. */
    public Reconciled reconciled(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        return read(() -> Reconciled.of(question, book, reconciliation));
    }

    private Frame frame(Question question) {
        return frames.frame(question, clock.instant());
    }

    /** Of the UTC days that the period touches. */
    private List<String> tagKeys(Question question) {
        // From key to key along the index, whose first column it is; DISTINCT would read every row.
        return reads
                .sql("WITH RECURSIVE keys(name) AS (SELECT MIN(tag_key) FROM rollup_tag_value_day UNION ALL SELECT (SELECT"
                        + " MIN(tag_key) FROM rollup_tag_value_day WHERE tag_key > keys.name) FROM keys WHERE keys.name IS NOT NULL)"
                        + " SELECT name FROM keys WHERE name IS NOT NULL AND EXISTS (SELECT 1 FROM rollup_tag_value_day"
                        + " WHERE tag_key = keys.name AND hour_us >= :from AND hour_us < :to) ORDER BY name")
                .param("from", Micros.dayOf(Micros.of(question.span().from())))
                .param("to", Micros.of(question.span().to()))
                .query((row, number) -> row.getString("name"))
                .list();
    }

    private <T> T read(Supplier<T> query) {
        return Objects.requireNonNull(snapshot.execute(status -> query.get()));
    }
}
