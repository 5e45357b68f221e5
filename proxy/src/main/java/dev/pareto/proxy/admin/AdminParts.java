package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.dashboards.web.Pages;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.swap.SwapClock;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the admin plane works with; its addresses are in {@link AdminPlane}. */
@Configuration(proxyBeanMethods = false)
public class AdminParts {

    @Bean
    DashboardApi dashboardApi(SqliteStore store) {
        return new DashboardApi(store, InstantSource.system(), "USD");
    }

    @Bean
    Pages pages() {
        return new Pages();
    }

    @Bean
    VerdictBook verdictBook(SqliteStore store, LiveConfig config, SwapClock swaps) {
        return new VerdictBook(new VerdictRepository(store), config, swaps);
    }
}
