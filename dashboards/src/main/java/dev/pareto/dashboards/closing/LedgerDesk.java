package dev.pareto.dashboards.closing;

import static java.util.Objects.requireNonNull;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.audit.Repricing;
import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.dashboards.reconcile.TrueUp;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.PriceBook;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What people do to the books. Everything is booked by the ledger, which seals it in the chain; what is refused is an
 * {@link IllegalArgumentException} with a sentence for the person. Thread-safe; blocks.
 */
public final class LedgerDesk {

    /** Proposals at once. */
    public static final int MOST = 10_000;

    private final Store store;
    private final Ledger ledger;
    private final Supplier<PriceBook> prices;
    private final UnaryOperator<String> sku;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final MonthChecklist checklist;
    private final AdjustmentReport adjustments;
    /** Held from reading what is to be made good until it is booked; between processes the ids guard it. */
    private final ReentrantLock booking = new ReentrantLock();

    /**
     * @param prices the book in force
     * @param sku the thing sold by a model's name
     */
    public LedgerDesk(Store store, Ledger ledger, Supplier<PriceBook> prices, UnaryOperator<String> sku,
            InstantSource clock, Supplier<UUID> ids) {
        this.store = store;
        this.ledger = ledger;
        this.prices = prices;
        this.sku = sku;
        this.clock = clock;
        this.ids = ids;
        this.checklist = new MonthChecklist(store, clock);
        this.adjustments = new AdjustmentReport(store);
    }

    /** Lets one check of a month pass. */
    public MonthState waive(YearMonth month, String subject, String reason, String by) {
        requireWords(reason, "a reason");
        requireWords(by, "a name");
        requireOpen(month);
        boolean day = subject.startsWith("reconciled:");
        if (!day && !subject.equals(MonthChecklist.UNPRICED)) {
            throw new IllegalArgumentException("'" + subject
                    + "' cannot be waived; what can is 'unpriced', 'reconciled:VENDOR' or 'reconciled:VENDOR:DAY'");
        }
        new WaiverRepository(store).add(month, subject, reason, by, clock.instant());
        return checklist.of(month);
    }

    /**
     * Proves the books up to the month's end, then freezes it.
     *
     * @throws IllegalArgumentException when a check is open or the books do not hold
     */
    public MonthState close(YearMonth month, String by) {
        requireWords(by, "a name");
        requireOpen(month);
        List<MonthCheck> open = checklist.of(month).open();
        if (!open.isEmpty()) {
            StringBuilder why = new StringBuilder(month + " cannot be closed:");
            open.forEach(check -> why.append("\n  ").append(check.subject()).append(": ").append(check.finding()));
            throw new IllegalArgumentException(why.toString());
        }
        List<String> problems = new LedgerCheck(store).check(month.atDay(1), month.atEndOfMonth()).problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(month + " cannot be closed, its books do not hold: "
                    + problems.getFirst());
        }
        try {
            ledger.freeze(month, by).join();
        } catch (CompletionException refused) {
            throw refused(refused);
        }
        return checklist.of(month);
    }

    /** Books what somebody entered. */
    public Adjustment adjust(Adjustment adjustment) {
        requireWords(adjustment.reason(), "a reason");
        requireWords(adjustment.enteredBy(), "a name");
        if (adjustment.kind() == Adjustment.Kind.IDLE || adjustment.kind() == Adjustment.Kind.REPRICED) {
            throw new IllegalArgumentException("an adjustment of that kind is booked by the gateway alone");
        }
        return book(adjustment);
    }

    /** Takes an adjustment back with one that is its opposite. */
    public Adjustment reverse(UUID id, String reason, String by) {
        requireWords(reason, "a reason");
        requireWords(by, "a name");
        Adjustment earlier = adjustments.find(id)
                .orElseThrow(() -> new IllegalArgumentException("there is no adjustment " + id));
        if (earlier.reverses() != null) {
            throw new IllegalArgumentException(id + " takes back another one; book a new one instead");
        }
        return book(earlier.reversed(ids.get(), reason, by));
    }

    /**
     * Prices that became known later, for calls without one.
     *
     * @param book false only shows what would be booked
     * @return what would be or was booked; of what somebody else booked meanwhile, nothing
     */
    public List<Adjustment> reprice(LocalDate from, LocalDate to, String by, boolean book) {
        requireWords(by, "a name");
        if (!book) {
            return new Repricing(store).preview(from, to, prices.get(), sku, by, MOST);
        }
        booking.lock();
        try {
            return new Repricing(store).preview(from, to, prices.get(), sku, by, MOST)
                    .stream()
                    .filter(found -> joined(ledger.book(found)))
                    .toList();
        } finally {
            booking.unlock();
        }
    }

    /**
     * Brings the ledger to a vendor's own account of some days.
     *
     * @param invoice its document; empty for none yet
     * @param book false only shows what would be booked
     * @return what would be or was booked; of a day that somebody else booked meanwhile, nothing
     * @throws IllegalArgumentException when somebody else booked a part of a day meanwhile; the days before it are booked
     */
    public List<Adjustment> trueUp(String vendor, LocalDate from, LocalDate to, String invoice, String by,
            boolean book) {
        requireWords(by, "a name");
        var trueUp = new TrueUp(store);
        if (!book) {
            return trueUp.propose(vendor, from, to, invoice, by).stream().flatMap(List::stream).toList();
        }
        booking.lock();
        try {
            return trueUp.propose(vendor, from, to, invoice, by)
                    .stream()
                    .filter(day -> joined(ledger.bookTogether(day)))
                    .flatMap(List::stream)
                    .toList();
        } finally {
            booking.unlock();
        }
    }

    private Adjustment book(Adjustment adjustment) {
        joined(ledger.book(adjustment));
        return adjustment;
    }

    private static boolean joined(CompletableFuture<Boolean> booked) {
        try {
            return booked.join();
        } catch (CompletionException refused) {
            throw refused(refused);
        }
    }

    private void requireOpen(YearMonth month) {
        JdbcClient.create(store.reads())
                .sql("SELECT frozen_by FROM billing_month WHERE month = ?")
                .param(month.toString())
                .query(String.class)
                .optional()
                .ifPresent(by -> {
                    throw new IllegalArgumentException(month + " was closed by " + by
                            + "; what is found out later is an adjustment of an open month");
                });
    }

    private static RuntimeException refused(CompletionException failure) {
        Throwable cause = requireNonNull(failure.getCause());
        return cause instanceof IllegalStateException wrong
                ? new IllegalArgumentException(wrong.getMessage(), wrong)
                : cause instanceof RuntimeException other ? other : failure;
    }

    private static void requireWords(String text, String what) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("whoever changes the books gives " + what);
        }
    }
}
