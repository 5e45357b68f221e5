package dev.pareto.proxy.cli.ledger;

import dev.pareto.dashboards.reconcile.ReconciledDay;
import dev.pareto.dashboards.reconcile.ReconciledLine;
import dev.pareto.dashboards.reconcile.Reconciliation;
import dev.pareto.dashboards.reconcile.ReconciliationStatus;
import dev.pareto.dashboards.reconcile.VendorCostRepository;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.reconcile.CostApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "reconcile", mixinStandardHelpOptions = true, description = {
        "Asks a vendor's cost API what days cost and lays its answer beside the ledger, by day, model and bucket.",
        "Needs an administrator's key, in OPENAI_ADMIN_KEY or ANTHROPIC_ADMIN_KEY. Ends with 1 when a day does not agree."})
final class LedgerReconcileCommand implements Callable<Integer> {

    private static final int DAYS = 7;
    private static final int LINES = 10;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BooksDesk desk;

    @Option(names = "--vendor", required = true, description = "as the configuration names it, e.g. openai")
    private String vendor;

    @Option(names = "--url", description = "the vendor's address (default: the configuration's)")
    private @Nullable URI url;

    @Option(names = "--key", description = "the administrator's key (default: the environment's)")
    private @Nullable Secret key;

    @Option(names = "--stored", description = "do not ask the vendor; compare with what it said before")
    private boolean stored;

    @Option(names = "--book",
            description = "book the differences as adjustments, spread over the tenants by what each was"
                    + " billed")
    private boolean book;

    @Option(names = "--invoice", defaultValue = "", description = "the vendor's document that adjustments follow")
    private String invoice;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException, ConfigException {
        LocalDate to = desk.books().to() == null ? LocalDate.now(ZoneOffset.UTC).minusDays(1) : desk.books().to();
        LocalDate from = desk.books().from() == null ? to.minusDays(DAYS - 1L) : desk.books().from();
        try (Store store = desk.books().open()) {
            if (!stored) {
                new VendorCostRepository(store).replace(vendor, from, to, api().costs(from, to), Instant.now());
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (book) {
            var booked = desk.act(desk.action("true-up")
                    .put("vendor", vendor)
                    .put("from", from.toString())
                    .put("to", to.toString())
                    .put("invoice", invoice)
                    .put("book", true));
            if (!json) {
                AdjustmentTable.print(booked, out);
            }
        }
        List<ReconciledDay> days;
        try (Store store = desk.books().open()) {
            days = new Reconciliation(store).days(vendor, from, to);
        }
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(days));
        } else {
            days.forEach(day -> print(day, out));
            out.printf("%d days, %d agree%n", days.size(),
                    days.stream().filter(LedgerReconcileCommand::agrees).count());
        }
        return days.stream().allMatch(LedgerReconcileCommand::agrees) ? 0 : 1;
    }

    private CostApi api() throws ConfigException {
        Vendor known = Files.exists(desk.books().config())
                ? new ConfigReader().read(desk.books().config(), System.getenv())
                        .catalogue()
                        .vendor(vendor)
                        .orElse(null)
                : null;
        String dialect = known == null ? vendor : known.dialect();
        URI address = url != null ? url : known == null || known.urls().isEmpty() ? null : known.urls().getFirst();
        if (address == null) {
            throw new UsageException(
                    "the configuration has no vendor " + vendor + " with an address; give one with --url");
        }
        Secret secret = key != null ? key : fromEnvironment(dialect);
        try {
            return CostApi.of(dialect, address, secret,
                    HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build());
        } catch (IllegalArgumentException none) {
            throw new UsageException(String.valueOf(none.getMessage()), none);
        }
    }

    private static Secret fromEnvironment(String dialect) {
        String name = dialect.toUpperCase(Locale.ROOT) + "_ADMIN_KEY";
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw new UsageException("set " + name + " to an administrator's key, or give one with --key");
        }
        return new Secret(value.strip());
    }

    private static boolean agrees(ReconciledDay day) {
        return day.status() == ReconciliationStatus.MATCHED;
    }

    private static void print(ReconciledDay day, PrintWriter out) {
        out.printf("%s  %-11s ledger %s%s, vendor %s, difference %s %s%n", day.day(), words(day.status()),
                day.ledger().plain(), day.adjusted().value().signum() == 0 ? "" : " and " + day.adjusted().plain(),
                plain(day.vendorCost()), plain(day.difference()), day.currency());
        day.lines()
                .stream()
                .filter(line -> line.status() != ReconciliationStatus.MATCHED)
                .limit(LINES)
                .forEach(line -> out.println("    " + line(line)));
    }

    private static String line(ReconciledLine line) {
        return "%-9s %s %s: ledger %s%s, vendor %s%s".formatted(words(line.status()),
                line.model() == null ? "" : line.model(), line.item(), line.ledger().plain(),
                line.ledgerQuantity() == null ? "" : " for " + Money.plain(line.ledgerQuantity()),
                line.vendor().plain(),
                line.vendorQuantity() == null ? "" : " for " + Money.plain(line.vendorQuantity()));
    }

    private static String words(ReconciliationStatus status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String plain(@Nullable Amount amount) {
        return amount == null ? "unknown" : amount.plain();
    }
}
