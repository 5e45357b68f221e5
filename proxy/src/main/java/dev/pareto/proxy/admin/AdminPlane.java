package dev.pareto.proxy.admin;

import dev.pareto.dashboards.access.ActJournal;
import dev.pareto.dashboards.budget.BudgetReports;
import dev.pareto.dashboards.budget.BudgetRepository;
import dev.pareto.dashboards.closing.LedgerDesk;
import dev.pareto.dashboards.finance.FinanceReports;
import dev.pareto.dashboards.inspect.InspectReports;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.models.ModelReports;
import dev.pareto.dashboards.outlook.OutlookReports;
import dev.pareto.dashboards.prices.PriceBookReport;
import dev.pareto.dashboards.routing.RoutingApi;
import dev.pareto.dashboards.schedule.ScheduleRepository;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.dashboards.web.Pages;
import dev.pareto.evals.journal.RunBook;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Fingerprints;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.access.AdminDoor;
import dev.pareto.proxy.access.AdminKeys;
import dev.pareto.proxy.access.Rights;
import dev.pareto.proxy.books.LedgerActions;
import dev.pareto.proxy.budget.BudgetDesk;
import dev.pareto.proxy.budget.CommitmentDesk;
import dev.pareto.proxy.experiment.ExperimentBook;
import dev.pareto.proxy.experiment.OutcomeLog;
import dev.pareto.proxy.feedback.FeedbackDesk;
import dev.pareto.proxy.learn.Learning;
import dev.pareto.proxy.report.Mailer;
import dev.pareto.proxy.report.ReportSender;
import dev.pareto.proxy.swap.LiveJudge;
import dev.pareto.proxy.swap.SwapBook;
import dev.pareto.proxy.swap.SwapClock;
import dev.pareto.proxy.swap.SwapTraces;
import dev.pareto.proxy.upstream.LocalModels;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The admin port's addresses (each with a row in {@link Rights}), beside the framework's own under {@code /actuator}; and what holds for all of them. */
@ManagementContextConfiguration(proxyBeanMethods = false)
class AdminPlane {

    @Bean
    AdminHosts adminHosts(LiveConfig config) {
        return new AdminHosts(() -> config.get().gateway());
    }

    @Bean
    Rights rights() {
        return new Rights();
    }

    @Bean
    AdminDoor adminDoor(AdminKeys keys, Rights rights, ActJournal journal) {
        return new AdminDoor(keys, rights, journal, InstantSource.system());
    }

    @Bean
    AdminErrors adminErrors() {
        return new AdminErrors();
    }

    @Bean
    RouterFunction<ServerResponse> adminRoutes(DashboardApi dashboard, Pages pages, VerdictBook verdicts,
            SwapBook swapBook, SwapClock swapClock, SwapTraces traces, LiveJudge judge, FeedbackDesk feedback,
            RunBook runs, LiveConfig config, Fingerprints fingerprints,
            LocalModels local, ExperimentBook experimentBook, OutcomeLog outcomes, Learning learning,
            RoutingApi routingApi,
            FinanceReports finance, OutlookReports outlook, InspectReports inspect, Store store, Ledger ledger,
            ReportSender sender, Mailer mailer, BudgetDesk budgetDesk, CommitmentDesk commitmentDesk,
            BudgetReports budgetReports,
            BudgetRepository budgetRepository, AdminKeys keys, ActJournal journal, Rights rights) {
        var api = new AdminApi(dashboard, verdicts, swapBook, config, fingerprints, local);
        var clock = InstantSource.system();
        var swaps = new SwapApi(swapBook, judge, traces, feedback, verdicts, config, swapClock, api);
        var evals = new EvalApi(runs, verdicts, clock, api);
        var verdictPages = new VerdictApi(verdicts, runs, swapClock, api);
        var experiments = new ExperimentApi(experimentBook, swapBook, outcomes, api);
        var opinions = new FeedbackApi(feedback, api);
        var books = books(store, ledger, config, clock, api);
        var schedules = new ReportApi(new ScheduleRepository(store), sender, mailer,
                new UuidV7(clock, new SecureRandom()),
                clock,
                api);
        var prices = new PriceApi(new PriceBookReport(store, () -> config.get().prices(), clock, "USD"),
                () -> AdminParts.priceDesk(config, clock), api);
        var models = new ModelReports(store, clock, "USD", new KnownModels(config, local, clock));
        var predictors = new PredictorApi(learning, api);
        var routing = new RoutingPages(routingApi, config, api);
        var budgets = new BudgetApi(budgetDesk, commitmentDesk, budgetReports, budgetRepository,
                new UuidV7(clock, new SecureRandom()), clock, api);
        var routes = RouterFunctions.route();
        new MoneyApi(finance, models, outlook, inspect, clock, api).add(routes);
        new AccessApi(keys, journal, clock, api).add(routes);
        new SystemApi(store, config, clock.instant(), api).add(routes);
        routes
                .GET("/api/overview", api::overview)
                .GET("/api/attempts", api::attempts)
                .GET("/api/decisions/{id}", api::decision)
                .GET("/api/verdicts", api::verdicts)
                .GET("/api/verdicts/all", api::allVerdicts)
                .GET("/api/verdicts/list", verdictPages::list)
                .GET("/api/verdicts/{id}", verdictPages::one)
                .GET("/api/verdicts/{id}/check", verdictPages::check)
                .POST("/api/verdicts", api::file)
                .GET("/api/evals", evals::list)
                .GET("/api/evals/{id}", evals::run)
                .GET("/api/evals/{id}/items", evals::items)
                .GET("/api/evals/{id}/item", evals::item)
                .GET("/api/swaps", swaps::list)
                .GET("/api/swaps/moves", swaps::moves)
                .GET("/api/swaps/story", swaps::story)
                .POST("/api/swaps/actions", swaps::act)
                .POST("/api/swaps/scores", swaps::scores)
                .GET("/api/experiments", experiments::list)
                .GET("/api/experiments/{name}", experiments::open)
                .POST("/api/experiments/actions", experiments::act)
                .POST("/api/experiments/outcomes", experiments::outcomes)
                .GET("/api/feedback", opinions::list)
                .GET("/api/predictors", predictors::list)
                .POST("/api/predictors/train", predictors::train)
                .GET("/api/routing", routing::list)
                .GET("/api/routing/{route}", routing::one)
                .POST("/api/routing/simulate", routing::simulate)
                .GET("/api/models", api::models)
                .GET("/api/ledger/check", api::check)
                .GET("/api/budgets", budgets::list)
                .GET("/api/budgets/{name}", budgets::one)
                .POST("/api/budgets/actions", budgets::act)
                .GET("/api/commitments", budgets::commitments)
                .GET("/api/reconciliation", books::reconciliation)
                .GET("/api/months", books::months)
                .GET("/api/months/{month}", books::month)
                .GET("/api/ledger/focus", books::focus)
                .POST("/api/ledger/actions", books::act)
                .GET("/api/prices", prices::prices)
                .POST("/api/prices/actions", prices::act)
                .GET("/api/report-schedules", schedules::list)
                .POST("/api/report-schedules/actions", schedules::act)
                .GET("/**", request -> AdminApi.page(pages, request));
        RouterFunction<ServerResponse> all = routes.build();
        rights.require(all);
        return all;
    }

    private static BooksApi books(Store store, Ledger ledger, LiveConfig config, InstantSource clock, AdminApi api) {
        var ids = new UuidV7(clock, new SecureRandom());
        var desk = new LedgerDesk(store, ledger, () -> config.get().prices(),
                model -> config.get().priceSku(ModelId.parse(model)), clock, ids);
        return new BooksApi(store, new LedgerActions(desk, ids), clock, api);
    }
}
