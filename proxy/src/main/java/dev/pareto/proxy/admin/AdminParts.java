package dev.pareto.proxy.admin;

import dev.pareto.dashboards.access.ActJournal;
import dev.pareto.dashboards.access.AdminKeyRepository;
import dev.pareto.dashboards.budget.BudgetReports;
import dev.pareto.dashboards.finance.FinanceReports;
import dev.pareto.dashboards.inspect.InspectReports;
import dev.pareto.dashboards.outlook.OutlookReports;
import dev.pareto.dashboards.reconcile.Reconciliation;
import dev.pareto.dashboards.routing.RoutingApi;
import dev.pareto.dashboards.schedule.ScheduleRepository;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.store.TraceRepository;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.dashboards.web.Pages;
import dev.pareto.evals.journal.RunBook;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.access.AdminKeys;
import dev.pareto.proxy.meter.BooksMeters;
import dev.pareto.proxy.prices.PriceDesk;
import dev.pareto.proxy.report.Mailer;
import dev.pareto.proxy.report.ReportClock;
import dev.pareto.proxy.report.ReportMeters;
import dev.pareto.proxy.report.ReportSender;
import dev.pareto.proxy.swap.SwapBook;
import dev.pareto.proxy.swap.SwapClock;
import dev.pareto.proxy.swap.SwapTraces;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What the admin plane works with; its addresses are in {@link AdminPlane}. */
@Configuration(proxyBeanMethods = false)
public class AdminParts {

    @Bean
    DashboardApi dashboardApi(Store store) {
        return new DashboardApi(store, InstantSource.system(), "USD");
    }

    @Bean
    RoutingApi routingApi(Store store) {
        return new RoutingApi(Reads.of(store), InstantSource.system(), "USD");
    }

    @Bean
    FinanceReports financeReports(Store store) {
        return new FinanceReports(store, InstantSource.system(), "USD");
    }

    @Bean
    OutlookReports outlookReports(Store store) {
        return new OutlookReports(store, InstantSource.system(), "USD");
    }

    @Bean
    InspectReports inspectReports(Store store) {
        return new InspectReports(store, InstantSource.system(), "USD");
    }

    @Bean
    BudgetReports budgetReports(Store store) {
        return new BudgetReports(store, InstantSource.system());
    }

    @Bean
    Pages pages() {
        return new Pages();
    }

    @Bean
    VerdictBook verdictBook(Store store, LiveConfig config, SwapClock swaps) {
        return new VerdictBook(new VerdictRepository(store), config, swaps);
    }

    @Bean
    RunBook runBook(LiveConfig config) {
        return new RunBook(Path.of(config.get().gateway().dataDir(), "runs"), InstantSource.system());
    }

    @Bean
    SwapTraces swapTraces(SwapBook book, Store store) {
        return new SwapTraces(book, new TraceRepository(store),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pareto-swap-traces").daemon().factory()));
    }

    @Bean
    AdminKeys adminKeys(Store store) {
        return new AdminKeys(new AdminKeyRepository(store), InstantSource.system(), new SecureRandom(),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pareto-admin-keys").daemon().factory()));
    }

    @Bean
    ActJournal actJournal(Store store) {
        return new ActJournal(store);
    }

    @Bean
    Mailer mailer(LiveConfig config) {
        return new Mailer(() -> config.get().gateway().books().mail(), InstantSource.system());
    }

    @Bean
    ReportMeters reportMeters(ReportSender sender) {
        return new ReportMeters(sender);
    }

    @Bean
    BooksMeters booksMeters(Store store, LiveConfig config) {
        InstantSource clock = InstantSource.system();
        return new BooksMeters(new Reconciliation(store), () -> priceDesk(config, clock),
                () -> config.get().catalogue().vendors().stream().map(Vendor::name).collect(Collectors.toSet()), "USD",
                clock,
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pareto-books-meters").daemon().factory()));
    }

    /** Null for a gateway that was started without a file. */
    static @Nullable PriceDesk priceDesk(LiveConfig config, InstantSource clock) {
        Path file = config.file();
        return file == null ? null : new PriceDesk(file, System.getenv(), clock);
    }

    @Bean
    ReportSender reportSender(Store store, LiveConfig config, Environment environment, AdminKeys keys,
            Mailer mailer) {
        String secret = System.getenv("PARETO_REPORT_SECRET");
        return new ReportSender(new ScheduleRepository(store), () -> admin(config, environment),
                keys.own(), secret == null || secret.isBlank() ? null : new Secret(secret), InstantSource.system(),
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build(), mailer);
    }

    @Bean
    ReportClock reportClock(ReportSender sender) {
        return new ReportClock(sender, Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("pareto-reports").daemon().factory()));
    }

    /** This gateway's own admin port, once it listens. */
    private static URI admin(LiveConfig config, Environment environment) {
        String host = config.get().gateway().adminHost();
        return URI.create("http://" + (host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host) + ":"
                + environment.getRequiredProperty("local.management.port"));
    }
}
