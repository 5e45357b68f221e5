package dev.pareto.dashboards.closing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.audit.Repricing;
import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.Attempts;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.OpenAttempt;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.reconcile.ReconciledDay;
import dev.pareto.dashboards.reconcile.ReconciledLine;
import dev.pareto.dashboards.reconcile.Reconciliation;
import dev.pareto.dashboards.reconcile.ReconciliationStatus;
import dev.pareto.dashboards.reconcile.VendorCost;
import dev.pareto.dashboards.reconcile.VendorCostRepository;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reconciling, correcting and closing, whatever the books are kept in. */
abstract class ClosingContract {

    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    private final AtomicReference<Instant> now = new AtomicReference<>(Attempts.NOON.plusSeconds(3_600));
    private final UuidV7 ids = Attempts.ids(3);
    private @Nullable Store store;
    private @Nullable JdbcLedger ledger;
    private @Nullable LedgerDesk desk;

    abstract Store open();

    @BeforeEach
    void openBooks() {
        Store opened = open();
        store = opened;
        JdbcLedger writer = new JdbcLedger(opened, LedgerSettings.defaults(), now::get, System::nanoTime);
        ledger = writer;
        desk = new LedgerDesk(opened, writer, () -> new PriceBook(List.of(price())), model -> model, now::get, ids);
    }

    @AfterEach
    void closeBooks() {
        requireNonNull(ledger).close();
        requireNonNull(store).close();
    }

    @Test
    void aDayIsAskedForComparedAndBroughtToTheVendorsWord() {
        call("acme", 100_000);
        call("acme", 100_000);
        assertThat(day().status()).isEqualTo(ReconciliationStatus.NOT_FETCHED);

        vendorSays(List.of(line("gpt-4o-2024-08-06", "input", "2000", "0.005"),
                line("gpt-4o-2024-08-06", "output", "200000", "2.40"), line(null, null, null, "0.003")));

        ReconciledDay day = day();
        assertThat(day.status()).isEqualTo(ReconciliationStatus.PRICE);
        assertThat(day.ledger()).isEqualTo(Amount.of("2.005000000000"));
        assertThat(requireNonNull(day.difference()).plain()).isEqualTo("0.403");
        assertThat(day.lines()).extracting(ReconciledLine::status)
                .containsExactly(ReconciliationStatus.PRICE, ReconciliationStatus.UNMAPPED,
                        ReconciliationStatus.MATCHED);

        assertThat(desk().trueUp("openai", DAY, DAY, "INV-1", "ada", false)).hasSize(1);
        assertThat(day().status()).as("only shown").isEqualTo(ReconciliationStatus.PRICE);
        assertThat(desk().trueUp("openai", DAY, DAY, "INV-1", "ada", true)).singleElement().satisfies(booked -> {
            assertThat(booked.amount()).isEqualTo(Money.usd("0.403"));
            assertThat(booked.tenant()).isEqualTo("acme");
        });
        assertThat(day().status()).isEqualTo(ReconciliationStatus.MATCHED);
        assertThat(requireNonNull(day().difference()).value()).isEqualByComparingTo("0");
        assertThat(desk().trueUp("openai", DAY, DAY, "", "ada", true)).as("once").isEmpty();
        assertHolds();
    }

    @Test
    void aDayTellsWhatIsMissingAndWhatIsTooMuch() {
        call("acme", 100_000);
        vendorSays(List.of(line("gpt-4o", "input", "1000", "0.0025"), line("gpt-4o", "output", "150000", "1.5"),
                line("gpt-4o-mini", "input", "900000", "0.135")));
        assertThat(day().lines()).extracting(line -> line.model() + " " + line.item() + " " + line.status())
                .containsExactly("gpt-4o output MISSING", "gpt-4o-mini input MISSING", "gpt-4o input MATCHED");

        vendorSays(List.of(line("gpt-4o", "input", null, "0.0025")));
        assertThat(day().status()).isEqualTo(ReconciliationStatus.EXCESS);
        assertThat(requireNonNull(day().vendorCost()).plain()).as("said again, it is what counts").isEqualTo("0.0025");
    }

    @Test
    void aMonthClosesWhenEverythingIsDoneOrLetPass() {
        call("acme", 100);
        UUID unpriced = open(ids.get());
        settleUnpriced(unpriced);
        assertOpen("over", "unpriced", "reconciled:openai");
        now.set(Instant.parse("2026-12-02T08:00:00Z"));
        assertThatThrownBy(() -> desk().close(NOVEMBER, "ada")).hasMessageContaining("unpriced: 1 call has none");

        assertThat(desk().reprice(DAY, DAY, "ada", false)).hasSize(1);
        assertOpen("unpriced", "reconciled:openai");
        Adjustment repriced = desk().reprice(DAY, DAY, "ada", true).getFirst();
        assertThat(repriced.amount()).isEqualTo(Money.usd("0.00003"));
        assertOpen("reconciled:openai");
        desk().reverse(repriced.id(), "wrong price", "ada");
        assertOpen("unpriced", "reconciled:openai");
        assertThatThrownBy(() -> desk().reverse(repriced.id(), "again", "ada")).isInstanceOf(RuntimeException.class);
        desk().reprice(DAY, DAY, "ada", true);

        desk().waive(NOVEMBER, "reconciled:openai:2026-11-20", "the vendor's account is late", "ada");
        MonthState closed = desk().close(NOVEMBER, "ada");

        MonthState.Frozen frozen = requireNonNull(closed.frozen());
        assertThat(frozen.hash()).matches("[0-9a-f]{64}");
        assertThat(frozen.by()).isEqualTo("ada");
        assertThat(requireNonNull(closed.totals().get("USD")).plain()).as("adjustments count when booked")
                .isEqualTo("0.0035");
        assertThatThrownBy(() -> desk().close(NOVEMBER, "bob")).hasMessageContaining("was closed by ada");
        assertThatThrownBy(() -> desk().waive(NOVEMBER, "unpriced", "late", "bob")).hasMessageContaining("was closed");

        Adjustment credit = desk()
                .adjust(new Adjustment(ids.get(), Adjustment.Kind.CREDIT, DAY, null, null, "INV-7", "acme",
                        "", "", "openai", null, null, null, Money.usd("-0.0005"), "goodwill", "ada"));
        assertThat(new AdjustmentReport(requireNonNull(store)).booked(LocalDate.of(2026, 12, 1),
                LocalDate.of(2026, 12, 31),
                10)).extracting(row -> row.kind() + " " + row.amount().plain() + " " + (row.takenBackBy() != null))
                .containsExactlyInAnyOrder("CREDIT -0.0005 false", "REPRICED 0.00003 false", "REVERSAL -0.00003 false",
                        "REPRICED 0.00003 true");
        assertThat(credit.concerns()).isEqualTo(DAY);
        assertThat(requireNonNull(new MonthChecklist(requireNonNull(store), now::get).of(NOVEMBER).totals().get("USD"))
                .plain()).as("a closed month stays as it was").isEqualTo("0.0035");
        assertHolds();
    }

    @Test
    void simulatedCallsAreNoMoneyOfAMonthAndAreNotRepriced() {
        call("acme", 100);
        UUID priced = simulated();
        requireNonNull(ledger).settle(Attempts.settled(priced, Attempts.NOON, 100_000)).join();
        settleUnpriced(simulated());
        assertOpen("over", "reconciled:openai");

        assertThat(desk().reprice(DAY, DAY, "ada", true)).as("they cost nobody anything").isEmpty();
        now.set(Instant.parse("2026-12-02T08:00:00Z"));
        desk().waive(NOVEMBER, "reconciled:openai", "no account", "ada");
        MonthState before = new MonthChecklist(requireNonNull(store), now::get).of(NOVEMBER);
        MonthState closed = desk().close(NOVEMBER, "ada");

        assertThat(requireNonNull(before.totals().get("USD")).plain()).as("before it is sealed").isEqualTo("0.0035");
        assertThat(requireNonNull(closed.totals().get("USD")).plain()).isEqualTo("0.0035");
        assertThat(closed.attempts()).isEqualTo(1);
        assertHolds();
    }

    @Test
    void rowsThatStayWithoutAPriceDoNotHideThoseThatGetOne() {
        for (int call = 0; call < 3; call++) {
            UUID strange = ids.get();
            requireNonNull(ledger)
                    .open(Attempts.open(strange, new ModelId("openai", "nobody-sells-it"),
                            Attempts.NOON.minusSeconds(60)))
                    .join();
            settleUnpriced(strange);
        }
        UUID known = open(ids.get());
        settleUnpriced(known);

        List<Adjustment> found = new Repricing(requireNonNull(store))
                .preview(DAY, DAY, new PriceBook(List.of(price())), model -> model, "ada", 1);

        assertThat(found).extracting(Adjustment::attemptId).containsExactly(known);
    }

    @Test
    void twoPeopleWhoBringADayToTheVendorsWordBookItOnce() {
        call("acme", 100_000);
        vendorSays(List.of(line("gpt-4o", "input", "1000", "0.0025"), line("gpt-4o", "output", "100000", "1.4")));
        LedgerDesk other = interrupted(() -> desk().trueUp("openai", DAY, DAY, "", "ada", true));

        assertThat(other.trueUp("openai", DAY, DAY, "", "bob", true)).as("ada was first").isEmpty();

        assertThat(requireNonNull(day().difference()).value()).isEqualByComparingTo("0");
        Adjustment booked = new AdjustmentReport(requireNonNull(store)).find(onlyAdjustment()).orElseThrow();
        assertThat(booked.amount()).isEqualTo(Money.usd("0.4"));
        desk().reverse(booked.id(), "wrong account", "ada");
        assertThat(desk().trueUp("openai", DAY, DAY, "", "ada", true)).as("taken back, it may be booked again")
                .hasSize(1);
        assertHolds();
    }

    @Test
    void whatIsBookedTogetherIsBookedWholeOrNotAtAll() {
        Adjustment one = credit("-1");
        Adjustment two = credit("-2");
        JdbcLedger books = requireNonNull(ledger);
        assertThat(books.book(one).join()).isTrue();

        assertThatThrownBy(() -> books.bookTogether(List.of(two, one)).join())
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 of these 2 adjustments were booked meanwhile");

        assertThat(onlyAdjustment()).isEqualTo(one.id());
        assertThat(books.bookTogether(List.of(one)).join()).as("all were booked").isFalse();
        Adjustment three = credit("-3");
        assertThat(books.bookTogether(List.of(two, three)).join()).isTrue();
        assertThat(books.bookTogether(List.of(three, two)).join()).isFalse();
        assertHolds();
    }

    private Adjustment credit(String amount) {
        return new Adjustment(ids.get(), Adjustment.Kind.CREDIT, DAY, null, null, null, "acme", "", "", "openai", null,
                null, null, Money.usd(amount), "goodwill", "ada");
    }

    @Test
    void twoPeopleWhoRepriceACallBookItOnce() {
        UUID call = open(ids.get());
        settleUnpriced(call);
        LedgerDesk other = interrupted(() -> desk().reprice(DAY, DAY, "ada", true));

        assertThat(other.reprice(DAY, DAY, "bob", true)).as("ada was first").isEmpty();

        desk().reverse(onlyAdjustment(), "wrong price", "ada");
        assertThat(desk().reprice(DAY, DAY, "ada", true)).as("taken back, it may be booked again").hasSize(1);
        assertHolds();
    }

    @Test
    void aVendorThatTheLedgerKnowsNothingOfKeepsAMonthOpen() {
        call("acme", 100_000);
        new VendorCostRepository(requireNonNull(store)).replace("mistral", NOVEMBER.atDay(1), NOVEMBER.atEndOfMonth(),
                List.of(line("mistral-large", "input", "1000", "0.5")), now.get());

        assertOpen("over", "reconciled:mistral", "reconciled:openai");
    }

    @Test
    void aDayThatAVendorWasNotAskedAboutKeepsAMonthOpen() {
        call("acme", 100_000);
        List<VendorCost> costs = List.of(line("gpt-4o", "input", "1000", "0.0025"),
                line("gpt-4o", "output", "100000", "1"));
        vendorSays(costs);
        assertThat(day().status()).isEqualTo(ReconciliationStatus.MATCHED);
        now.set(Instant.parse("2026-12-02T08:00:00Z"));

        assertOpen("reconciled:openai");
        assertThatThrownBy(() -> desk().close(NOVEMBER, "ada"))
                .hasMessageContaining("29 of 30 days do not agree or were not asked for (29 not asked)")
                .hasMessageContaining("the first 2026-11-01");
        new VendorCostRepository(requireNonNull(store)).replace("openai", NOVEMBER.atDay(1), NOVEMBER.atEndOfMonth(),
                costs, now.get());
        assertOpen();
    }

    @Test
    void aBillInAnotherCurrencyIsNeverSetAgainstTheLedger() {
        call("acme", 100_000);
        vendorSays(List.of(line("gpt-4o", "input", "1000", "0.0025"),
                new VendorCost(DAY, null, "gpt-4o, output", "gpt-4o", "output", new BigDecimal("100000"),
                        new Money(BigDecimal.ONE, "EUR"))));

        List<ReconciledDay> days = new Reconciliation(requireNonNull(store)).days("openai", DAY, DAY);
        assertThat(days).extracting(day -> day.currency() + " " + day.ledger().plain() + " "
                + requireNonNull(day.vendorCost()).plain() + " " + day.status())
                .containsExactly("EUR 0 1 MISSING", "USD 1.0025 0.0025 EXCESS");
        assertOpen("over", "reconciled:openai");
        assertThatThrownBy(() -> desk().trueUp("openai", DAY, DAY, "", "ada", true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openai and the ledger have 2026-11-20 in EUR and in USD");
    }

    @Test
    void nobodyChangesTheBooksWithoutANameAndAReason() {
        assertThatThrownBy(() -> desk().waive(NOVEMBER, "unpriced", " ", "ada")).hasMessageContaining("a reason");
        assertThatThrownBy(() -> desk().close(NOVEMBER, "")).hasMessageContaining("a name");
        assertThatThrownBy(() -> desk().waive(NOVEMBER, "over", "hurry", "ada"))
                .hasMessageContaining("cannot be waived");
        assertThatThrownBy(() -> desk().reverse(ids.get(), "why not", "ada"))
                .hasMessageContaining("there is no adjustment");
    }

    private static PriceVersion price() {
        return new PriceVersion("openai/gpt-4o:standard:2026-01-01", Attempts.CLOSED.toString(),
                PriceVersion.STANDARD,
                Instant.parse("2026-01-01T00:00:00Z"), null, "USD", List.of(new PriceBand(0, List.of(), new TreeMap<>(
                        Map.of("input", new UnitPrice(new BigDecimal("3"), BigDecimal.valueOf(1_000_000)))))),
                new TreeMap<>(), CostSource.LIST, "a test");
    }

    /** Opens a call of a simulated vendor. */
    private UUID simulated() {
        UUID id = ids.get();
        OpenAttempt real = Attempts.open(id, Attempts.CLOSED, Attempts.NOON);
        requireNonNull(ledger)
                .open(new OpenAttempt(id, id, 1, real.role(), real.startedAt(), real.deadline(), real.tenant(),
                        real.tags(), real.route(), real.requestedModel(), real.model(), real.vendor(), true,
                        real.reserved(), real.decisionJson()))
                .join();
        return id;
    }

    private LedgerDesk desk() {
        return requireNonNull(desk);
    }

    /** A desk of another process, whose first booking comes after somebody else's whole one. */
    private LedgerDesk interrupted(Runnable first) {
        AtomicReference<Runnable> once = new AtomicReference<>(first);
        Ledger slow = (Ledger) Proxy.newProxyInstance(Ledger.class.getClassLoader(), new Class<?>[]{Ledger.class},
                (proxy, method, given) -> {
                    if (method.getName().startsWith("book")) {
                        once.getAndSet(() -> {}).run();
                    }
                    return method.invoke(requireNonNull(ledger), given);
                });
        return new LedgerDesk(requireNonNull(store), slow, () -> new PriceBook(List.of(price())), model -> model,
                now::get, ids);
    }

    private UUID onlyAdjustment() {
        return UUID.fromString(JdbcClient.create(requireNonNull(store).reads())
                .sql("SELECT adjustment_id FROM adjustment")
                .query(String.class)
                .single());
    }

    private ReconciledDay day() {
        return new Reconciliation(requireNonNull(store)).days("openai", DAY.minusDays(3), DAY.plusDays(3)).getFirst();
    }

    private void vendorSays(List<VendorCost> costs) {
        new VendorCostRepository(requireNonNull(store)).replace("openai", DAY, DAY, costs, now.get());
    }

    private static VendorCost line(@Nullable String model, @Nullable String bucket, @Nullable String quantity,
            String amount) {
        return new VendorCost(DAY, "proj_1", model + ", " + bucket, model, bucket,
                quantity == null ? null : new BigDecimal(quantity), Money.usd(amount));
    }

    private void call(String tenant, long output) {
        assertThat(tenant).as("of the fixture").isEqualTo("acme");
        UUID id = open(ids.get());
        requireNonNull(ledger).settle(Attempts.settled(id, Attempts.NOON, output)).join();
    }

    private UUID open(UUID id) {
        requireNonNull(ledger).open(Attempts.open(id, Attempts.CLOSED, Attempts.NOON)).join();
        return id;
    }

    private void settleUnpriced(UUID id) {
        requireNonNull(ledger).settle(Attempts.settled(id, AttemptState.SETTLED, Attempts.NOON.plusSeconds(1),
                Attempts.unpriced(), null)).join();
    }

    private void assertOpen(String... subjects) {
        List<String> open = new ArrayList<>();
        new MonthChecklist(requireNonNull(store), now::get).of(NOVEMBER)
                .open()
                .forEach(check -> open.add(check.subject()));
        assertThat(open).containsExactly(subjects);
    }

    private void assertHolds() {
        assertThat(new LedgerCheck(requireNonNull(store)).check(null, null).problems()).isEmpty();
    }
}
