package dev.pareto.proxy.admin;

import dev.pareto.dashboards.budget.BudgetDetail;
import dev.pareto.dashboards.budget.BudgetReports;
import dev.pareto.dashboards.budget.BudgetRepository;
import dev.pareto.dashboards.budget.CommitmentList;
import dev.pareto.dashboards.budget.Standing;
import dev.pareto.dashboards.budget.TopUp;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.yaml.Units;
import dev.pareto.proxy.budget.BudgetDesk;
import dev.pareto.proxy.budget.CommitmentDesk;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Callers' budgets on the admin port: where they stand, how they are spent, and money that a person grants once. */
final class BudgetApi {

    private static final Logger LOG = LoggerFactory.getLogger(BudgetApi.class);
    private static final Duration LONGEST = Duration.ofDays(366);

    private final BudgetDesk desk;
    private final CommitmentDesk commitments;
    private final BudgetReports reports;
    private final BudgetRepository repository;
    private final Supplier<UUID> ids;
    private final InstantSource clock;
    private final AdminApi admin;

    BudgetApi(BudgetDesk desk, CommitmentDesk commitments, BudgetReports reports, BudgetRepository repository,
            Supplier<UUID> ids, InstantSource clock, AdminApi admin) {
        this.desk = desk;
        this.commitments = commitments;
        this.reports = reports;
        this.repository = repository;
        this.ids = ids;
        this.clock = clock;
        this.admin = admin;
    }

    /** {@code GET /api/budgets}, as JSON or {@code format=csv}. */
    Mono<ServerResponse> list(ServerRequest request) {
        return admin.report(request, given -> reports.list(desk.standings()));
    }

    /** {@code GET /api/commitments}, as JSON or {@code format=csv}. */
    Mono<ServerResponse> commitments(ServerRequest request) {
        return admin.report(request, given -> CommitmentList.of(commitments.standings(), clock.instant()));
    }

    /** {@code GET /api/budgets/NAME}, as JSON or {@code format=csv}. */
    Mono<ServerResponse> one(ServerRequest request) {
        return admin.report(request, given -> detail(request.pathVariable("name")));
    }

    /**
     * {@code {"action": "top-up", "budget", "amount": "50 USD", "reason", "by", "expires"?}}; {@code expires} is a moment or a day (its UTC
     * midnight), at most the end of the period, which it is where nothing is said. The answer is the budget as it is then.
     */
    Mono<ServerResponse> act(ServerRequest request) {
        return admin.posted(request, "grant money", text -> {
            JsonNode body = parse(text);
            if (!body.path("action").asString("").equals("top-up")) {
                throw new IllegalArgumentException("action is top-up");
            }
            Standing standing = known(body.path("budget").asString(""));
            TopUp grant = grant(body, standing);
            repository.grant(grant);
            desk.look();
            LOG.warn("{} granted {} to budget {} until {}: {}", grant.by(), grant.amount(), grant.budget(),
                    grant.expires(),
                    grant.reason());
            return detail(grant.budget());
        });
    }

    private TopUp grant(JsonNode body, Standing to) {
        BudgetPlan plan = to.plan();
        Instant now = clock.instant();
        var amount = Units.money(body.path("amount").asString(""));
        if (!amount.currency().equals(BudgetPlan.CURRENCY) || amount.compareTo(plan.amount()) > 0) {
            throw new IllegalArgumentException(
                    "a top-up is in USD and at most as much again as the budget's " + plan.amount()
                            + ", not " + amount + "; change the amount in the configuration for more");
        }
        Instant end = to.window().to();
        Instant latest = end == null ? now.plus(LONGEST) : end;
        String stated = body.path("expires").asString("");
        Instant expires = stated.isEmpty() ? latest : moment(stated);
        if (expires.isAfter(latest)) {
            throw new IllegalArgumentException("a top-up is for the running period, which ends at " + latest
                    + "; it cannot expire at " + expires);
        }
        return new TopUp(ids.get().toString(), plan.name(), amount, body.path("reason").asString(""),
                body.path("by").asString(""), now, expires);
    }

    private static Instant moment(String text) {
        try {
            return Units.moment(text);
        } catch (DateTimeParseException wrong) {
            throw new IllegalArgumentException("expires is a moment such as 2026-11-30T18:00:00Z", wrong);
        }
    }

    private BudgetDetail detail(String name) {
        return reports.detail(known(name));
    }

    private Standing known(@Nullable String name) {
        return desk.standings()
                .stream()
                .filter(it -> it.plan().name().equals(name))
                .findFirst()
                .orElseThrow(() -> AdminApi.refused(404, "budget_not_found",
                        "there is no budget '" + name + "'; GET /api/budgets lists them"));
    }

    private static JsonNode parse(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("the body is not JSON", malformed);
        }
    }
}
