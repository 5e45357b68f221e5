package dev.pareto.dashboards.inspect;

import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.QuestionReader;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.finance.FrameReport;
import dev.pareto.dashboards.store.KeptRows;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Calls one by one, and how far the books can be relied on; asked as every report is ({@link QuestionReader}). Each answer is of
 * one consistent state of the ledger. They block: call them on a thread that may wait. A wrong parameter is an
 * {@link IllegalArgumentException} with a message for the caller. Thread-safe.
 */
public final class InspectReports {

    private final InstantSource clock;
    private final QuestionReader questions;
    private final FrameReport frames;
    private final CallSearch search;
    private final CallReader calls;
    private final QualityReader quality;
    private final LedgerCheck check;
    private final KeptRows kept;
    private final TransactionTemplate snapshot;
    /** A check reads all of a day; one at a time is enough. */
    private final Semaphore checking = new Semaphore(1);

    /** @param book the currency in which the books are kept */
    public InspectReports(Store store, InstantSource clock, String book) {
        Reads reads = Reads.of(store);
        this.clock = clock;
        this.questions = new QuestionReader(clock);
        this.frames = new FrameReport(reads, book);
        this.search = new CallSearch(reads);
        this.calls = new CallReader(reads.client());
        this.quality = new QualityReader(reads);
        this.check = new LedgerCheck(store);
        this.kept = new KeptRows(reads.client());
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
    }

    /** {@code GET /api/money/calls?state=&min=&max=&order=newest|dearest&before=&limit=}, beside the common question. */
    public CallList calls(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of(), CallFilter.NAMES);
        CallFilter filter = CallFilter.of(given);
        return read(() -> {
            CallSearch.Found found = filter.dearest()
                    ? search.dearest(question, filter)
                    : search.newest(question, filter);
            return new CallList(frames.frame(question, clock.instant()), found.rows(), found.until(),
                    found.searchedTo(), dropped(question.span()));
        });
    }

    /** {@code GET /api/money/calls/{requestId}}; empty when there is no such request. */
    public Optional<CallDetail> request(String requestId) {
        String id;
        try {
            id = UUID.fromString(requestId).toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a request's id is a UUID", e);
        }
        return read(() -> calls.request(id));
    }

    /** {@code GET /api/money/quality}. */
    public Quality quality(Map<String, List<String>> given) {
        Question question = questions.read(given, List.of());
        Instant now = clock.instant();
        return read(() -> quality.read(question, frames.frame(question, now), now));
    }

    /**
     * {@code GET /api/money/quality/check?day=2026-11-20}: proves one UTC day, row by row. Takes as long as the day is big, and one at a
     * time.
     *
     */
    public LedgerCheck.Outcome check(String day) {
        LocalDate date;
        try {
            date = LocalDate.parse(day);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("day is a date such as 2026-11-20", e);
        }
        if (!checking.tryAcquire()) {
            throw new IllegalArgumentException("another check is under way; ask again when it is done");
        }
        try {
            return check.check(date, date);
        } finally {
            checking.release();
        }
    }

    /** Of UTC months, as rows are kept by. */
    private List<YearMonth> dropped(Span span) {
        Instant last = span.to().isAfter(span.from()) ? span.to().minusNanos(1_000) : span.to();
        return kept.dropped(LocalDate.ofInstant(span.from(), ZoneOffset.UTC),
                LocalDate.ofInstant(last, ZoneOffset.UTC));
    }

    private <T> T read(Supplier<T> query) {
        return Objects.requireNonNull(snapshot.execute(status -> query.get()));
    }
}
