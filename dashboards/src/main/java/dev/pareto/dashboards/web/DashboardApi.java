package dev.pareto.dashboards.web;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.report.AttemptReport;
import dev.pareto.dashboards.report.AttemptRow;
import dev.pareto.dashboards.report.ModelRow;
import dev.pareto.dashboards.report.Period;
import dev.pareto.dashboards.report.RollupCheck;
import dev.pareto.dashboards.report.SpendReport;
import dev.pareto.dashboards.report.Totals;
import dev.pareto.dashboards.report.Window;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.store.SwapRepository;
import dev.pareto.dashboards.store.VerdictRepository;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The methods behind the pages. Each reads one consistent state of the ledger, so that the parts of an answer add up. They block:
 * call them on a thread that may wait. A wrong argument is an {@link IllegalArgumentException} with a message for the caller.
 */
public final class DashboardApi {

    private static final int DECISIONS = 25;

    private final InstantSource clock;
    private final String currency;
    private final TransactionTemplate snapshot;
    private final SpendReport spend;
    private final AttemptReport attempts;
    private final RollupCheck check;
    private final VerdictRepository verdicts;
    private final SwapRepository swaps;

    /**
     * @param currency in which the books are kept, e.g. {@code USD}
     */
    public DashboardApi(Store store, InstantSource clock, String currency) {
        JdbcClient reads = JdbcClient.create(store.reads());
        this.clock = clock;
        this.currency = currency;
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
        this.spend = new SpendReport(Reads.of(store), currency);
        this.attempts = new AttemptReport(reads);
        this.check = new RollupCheck(reads);
        this.verdicts = new VerdictRepository(store);
        this.swaps = new SwapRepository(store);
    }

    /**
     * {@code GET /api/overview?period=24h|7d|30d}.
     *
     * @param period null for 24h
     */
    public Overview overview(@Nullable String period) {
        Period chosen = period == null ? Period.DAY : Period.parse(period);
        return read(() -> overview(chosen, clock.instant()));
    }

    /**
     * {@code GET /api/attempts?before=ID&limit=50}, newest first.
     *
     * @param before the {@code next} of the page before; null for the first
     * @param limit at most 200
     */
    public AttemptPage attempts(@Nullable String before, int limit) {
        String cursor = before == null ? null : id(before);
        List<AttemptRow> rows = read(() -> attempts.page(cursor, limit));
        return new AttemptPage(rows, rows.size() < limit || rows.isEmpty() ? null : rows.getLast().attemptId());
    }

    /** {@code GET /api/decisions/{requestId}}; empty when there is no such request. */
    public Optional<DecisionDetail> decision(String requestId) {
        String id = id(requestId);
        return read(() -> {
            List<AttemptRow> rows = attempts.ofRequest(id);
            return rows.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new DecisionDetail(id, attempts.decision(id).orElse(null), rows));
        });
    }

    /** {@code GET /api/verdicts}. */
    public VerdictPanel verdicts() {
        Instant now = clock.instant();
        return read(() -> new VerdictPanel(VerdictRows.of(swaps.all(), verdicts.newest(), now)));
    }

    /** Whether the hourly sums and charge lines agree with the rows. Reads the whole ledger. */
    public RollupCheck.Differences check() {
        return read(check::compare);
    }

    private Overview overview(Period period, Instant now) {
        Window window = period.endingAt(now);
        Totals totals = spend.totals(window);
        Totals before = spend.totals(window.before());
        List<ModelRow> models = spend.models(window);
        return new Overview(period.id(), window.from(), window.to(), now, currency, figures(totals, before),
                trust(totals), Summary.of(period, currency, totals, models), spend.series(window), models,
                attempts.latestDecisions(DECISIONS));
    }

    private Overview.Figures figures(Totals it, Totals before) {
        return new Overview.Figures(it.spend(), change(it.spend().value(), before.spend().value()), it.baseline(),
                it.compared(), it.saved(), it.savedShare(), it.requests(),
                change(BigDecimal.valueOf(it.requests()), BigDecimal.valueOf(before.requests())), it.successRate(),
                it.answered(), it.unanswered(), it.refused(), it.callerLeft(), it.attempts(), it.settled(),
                it.aborted(), it.failed(),
                it.expired(),
                attempts.open(), it.inputTokens(), it.cacheReadTokens(), it.outputTokens());
    }

    private Overview.Trust trust(Totals it) {
        Amount reported = it.spend().minus(it.estimatedSpend());
        return new Overview.Trust(reported.shareOf(it.spend()), it.estimatedSpend().shareOf(it.spend()),
                it.estimatedSpend(), it.estimated(), it.unpriced(), it.simulatedSpend().shareOf(it.spend()),
                it.simulatedSpend(), it.simulated(), it.otherCurrency(), attempts.lastWrite());
    }

    private static @Nullable BigDecimal change(BigDecimal now, BigDecimal before) {
        return before.signum() == 0 ? null : now.subtract(before).divide(before, 4, RoundingMode.HALF_EVEN);
    }

    private <T> T read(java.util.function.Supplier<T> query) {
        return java.util.Objects.requireNonNull(snapshot.execute(status -> query.get()));
    }

    private static String id(String text) {
        try {
            return UUID.fromString(text).toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("an id is a UUID such as 0199a3c2-5e1b-7c44-9d0e-3b1f6a2c8d10", e);
        }
    }
}
