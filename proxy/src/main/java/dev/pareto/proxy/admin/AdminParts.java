package dev.pareto.proxy.admin;

import dev.pareto.dashboards.finance.FinanceReports;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.store.TraceRepository;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.dashboards.web.Pages;
import dev.pareto.evals.journal.RunBook;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.swap.SwapBook;
import dev.pareto.proxy.swap.SwapClock;
import dev.pareto.proxy.swap.SwapTraces;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the admin plane works with; its addresses are in {@link AdminPlane}. */
@Configuration(proxyBeanMethods = false)
public class AdminParts {

    @Bean
    DashboardApi dashboardApi(Store store) {
        return new DashboardApi(store, InstantSource.system(), "USD");
    }

    @Bean
    FinanceReports financeReports(Store store) {
        return new FinanceReports(store, InstantSource.system(), "USD");
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
}
