package dev.pareto.proxy.route;

import dev.pareto.dashboards.budget.Standing;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.budget.BudgetDesk;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.guard.Edge;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.key.Callers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** {@code GET /pareto/v1/budgets}: the budgets that hold for the caller's key, whatever it asks for, and what is left of each. */
public final class BudgetCalls {

    private final Callers callers;
    private final BudgetDesk desk;

    public BudgetCalls(Callers callers, BudgetDesk desk) {
        this.callers = callers;
        this.desk = desk;
    }

    public boolean concern(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET) && request.fullPath().equals(Edge.BUDGETS);
    }

    public Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        try {
            Caller caller = callers.identify(request.requestHeaders());
            Map<String, String> tags = Tags.of(request.requestHeaders(), caller);
            List<Map<String, @Nullable Object>> told = desk.standings()
                    .stream()
                    .filter(it -> it.plan().scope().mayCover(caller.tenant(), tags))
                    .map(BudgetCalls::told)
                    .toList();
            byte[] body = Json.mapper().writeValueAsBytes(Map.of("object", "list", "data", told));
            response.status(200).header(HttpHeaderNames.CONTENT_TYPE, "application/json");
            return Replies.whole(response, body);
        } catch (RefusedException refused) {
            return Replies.error(response, null, refused.error());
        }
    }

    private static Map<String, @Nullable Object> told(Standing it) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("name", it.plan().name());
        told.put("scope", it.plan().scope().told());
        told.put("per", it.plan().period().every().text());
        told.put("limit_usd", Money.plain(it.limit()));
        told.put("spent_usd", Money.plain(it.spent()));
        told.put("reserved_usd", Money.plain(it.reserved()));
        told.put("left_usd", Money.plain(it.left()));
        Instant to = it.window().to();
        told.put("resets", to == null ? null : to.toString());
        told.put("when_used_up", it.plan().whenUsedUp().text());
        return told;
    }
}
