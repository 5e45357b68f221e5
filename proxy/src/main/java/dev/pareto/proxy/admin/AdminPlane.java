package dev.pareto.proxy.admin;

import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.dashboards.web.Pages;
import dev.pareto.policies.decide.Fingerprints;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.feedback.FeedbackDesk;
import dev.pareto.proxy.swap.LiveJudge;
import dev.pareto.proxy.swap.SwapBook;
import dev.pareto.proxy.upstream.LocalModels;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The admin port's addresses, beside the framework's own under {@code /actuator}; and what holds for all of them. */
@ManagementContextConfiguration(proxyBeanMethods = false)
class AdminPlane {

    @Bean
    AdminHosts adminHosts(LiveConfig config) {
        return new AdminHosts(() -> config.get().gateway());
    }

    @Bean
    AdminErrors adminErrors() {
        return new AdminErrors();
    }

    @Bean
    RouterFunction<ServerResponse> adminRoutes(DashboardApi dashboard, Pages pages, VerdictBook verdicts,
            SwapBook swapBook, LiveJudge judge, FeedbackDesk feedback, LiveConfig config, Fingerprints fingerprints,
            LocalModels local) {
        var api = new AdminApi(dashboard, verdicts, swapBook, config, fingerprints, local);
        var swaps = new SwapApi(swapBook, judge, api);
        var opinions = new FeedbackApi(feedback, api);
        return RouterFunctions.route()
                .GET("/api/overview", api::overview)
                .GET("/api/attempts", api::attempts)
                .GET("/api/decisions/{id}", api::decision)
                .GET("/api/verdicts", api::verdicts)
                .GET("/api/verdicts/all", api::allVerdicts)
                .POST("/api/verdicts", api::file)
                .GET("/api/swaps", swaps::list)
                .GET("/api/swaps/moves", swaps::moves)
                .POST("/api/swaps/actions", swaps::act)
                .POST("/api/swaps/scores", swaps::scores)
                .GET("/api/feedback", opinions::list)
                .GET("/api/models", api::models)
                .GET("/api/ledger/check", api::check)
                .GET("/**", request -> AdminApi.page(pages, request))
                .build();
    }
}
