package dev.pareto.proxy.admin;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.finance.FinanceReports;
import dev.pareto.dashboards.inspect.InspectReports;
import dev.pareto.dashboards.models.ModelReports;
import dev.pareto.dashboards.outlook.AnomalyMark;
import dev.pareto.dashboards.outlook.OutlookReports;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The reports about money under {@code /api/money}. Whoever adds one adds its address in {@link #add}. */
final class MoneyApi {

    private final FinanceReports finance;
    private final ModelReports models;
    private final OutlookReports outlook;
    private final InspectReports inspect;
    private final InstantSource clock;
    private final AdminApi admin;

    MoneyApi(FinanceReports finance, ModelReports models, OutlookReports outlook, InspectReports inspect,
            InstantSource clock, AdminApi admin) {
        this.clock = clock;
        this.finance = finance;
        this.models = models;
        this.outlook = outlook;
        this.inspect = inspect;
        this.admin = admin;
    }

    RouterFunctions.Builder add(RouterFunctions.Builder routes) {
        report(routes, "overview", finance::overview);
        report(routes, "choices", finance::choices);
        report(routes, "changes", finance::changes);
        report(routes, "chargeback", finance::chargeback);
        report(routes, "statement", finance::statement);
        report(routes, "units", finance::units);
        report(routes, "reconciled", finance::reconciled);
        report(routes, "models", models::models);
        report(routes, "cache", models::cache);
        report(routes, "capacity", models::capacity);
        report(routes, "forecast", outlook::forecast);
        report(routes, "anomalies", outlook::anomalies);
        report(routes, "savings", outlook::savings);
        report(routes, "calls", inspect::calls);
        report(routes, "quality", inspect::quality);
        report(routes, "anomalies/series", outlook::anomaly);
        return routes.POST("/api/money/anomalies/actions", this::mark)
                .GET("/api/money/calls/{id}", this::call)
                .GET("/api/money/quality/check",
                        asked -> admin.answer(() -> inspect.check(asked.queryParam("day").orElse(""))));
    }

    private void report(RouterFunctions.Builder routes, String name,
            Function<Map<String, List<String>>, Report> report) {
        routes.GET("/api/money/" + name, asked -> admin.report(asked, report));
    }

    /** {@code {"action": "acknowledge" | "snooze" | "resolve" | "false-alarm" | "reopen", "from", "line", "days", "by", "reason"}}. */
    private Mono<ServerResponse> mark(ServerRequest asked) {
        return admin.posted(asked, "judge anomalies", text -> {
            AnomalyMark mark = MarkReader.read(text, clock.instant());
            outlook.mark(mark);
            return mark;
        });
    }

    private Mono<ServerResponse> call(ServerRequest asked) {
        String id = asked.pathVariable("id");
        return admin.answer(() -> inspect.request(id)
                .orElseThrow(() -> AdminApi.refused(404, "request_not_found",
                        "there is no request " + id + " in the ledger")));
    }
}
