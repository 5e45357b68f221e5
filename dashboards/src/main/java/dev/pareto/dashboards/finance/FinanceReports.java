package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.QuestionReader;
import dev.pareto.dashboards.store.Micros;
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
    private final InstantSource clock;
    private final JdbcClient reads;
    private final String book;
    private final FrameReport frames;
    private final SpendReader spend;
    private final ChangeReport changes;

    /**
     * @param book the currency in which the books are kept, e.g. {@code USD}
     */
    public FinanceReports(Store store, InstantSource clock, String book) {
        this.questions = new QuestionReader(clock);
        this.reads = JdbcClient.create(store.reads());
        this.clock = clock;
        this.book = book;
        this.frames = new FrameReport(reads, book);
        this.spend = new SpendReader(reads, book);
        this.changes = new ChangeReport(reads, book, spend);
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
    }

    /** {@code GET /api/money/choices}: by what can be filtered. */
    public Choices choices(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        return read(() -> Choices.read(reads, question));
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

    private Frame frame(Question question) {
        return frames.frame(question, clock.instant());
    }

    private List<String> tagKeys(Question question) {
        return reads.sql("SELECT DISTINCT tag_key FROM rollup_tag WHERE hour_us >= ? AND hour_us < ? ORDER BY tag_key")
                .params(Micros.of(question.span().from()), Micros.of(question.span().to()))
                .query(String.class)
                .list();
    }

    private <T> T read(Supplier<T> query) {
        return Objects.requireNonNull(snapshot.execute(status -> query.get()));
    }
}
