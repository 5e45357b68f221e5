package dev.pareto.proxy.budget;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.dashboards.budget.BudgetAlert;
import dev.pareto.dashboards.budget.BudgetRepository;
import dev.pareto.dashboards.budget.Standing;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.proxy.report.ReportSender;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells people that a budget has reached a threshold: once for each threshold and period, whatever restarts and however many gateways
 * share the ledger. Signed like reports are. Used by one thread; blocks.
 */
public final class BudgetAlerts {

    private static final Logger LOG = LoggerFactory.getLogger(BudgetAlerts.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<Duration> AGAIN = List.of(Duration.ofSeconds(30), Duration.ofMinutes(5),
            Duration.ofMinutes(30), Duration.ofHours(2));

    private final BudgetDesk desk;
    private final Supplier<List<BudgetPlan>> plans;
    private final BudgetRepository repository;
    private final @Nullable Secret secret;
    private final InstantSource clock;
    private final HttpClient http;
    private final Set<Known> known = new HashSet<>();

    private record Known(String budget, Instant period, BigDecimal threshold) {}

    /** @param secret under which alerts are signed; null leaves them unsigned */
    public BudgetAlerts(BudgetDesk desk, Supplier<List<BudgetPlan>> plans, BudgetRepository repository,
            @Nullable Secret secret, InstantSource clock, HttpClient http) {
        this.desk = desk;
        this.plans = plans;
        this.repository = repository;
        this.secret = secret;
        this.clock = clock;
        this.http = http;
    }

    /** Writes down what was reached since the last time. */
    public void look() {
        Instant now = clock.instant();
        Set<Known> now0 = new HashSet<>();
        for (BudgetDesk.Reached one : desk.reached()) {
            if (one.standing().known()) {
                for (BigDecimal threshold : one.standing().plan().thresholds()) {
                    Known it = new Known(one.standing().plan().name(), one.standing().window().from(), threshold);
                    if (reached(one, threshold)) {
                        now0.add(it);
                        if (known.add(it)) {
                            note(one.standing(), threshold, now);
                        }
                    }
                }
            }
        }
        known.retainAll(now0);
    }

    private static boolean reached(BudgetDesk.Reached one, BigDecimal threshold) {
        Standing it = one.standing();
        return it.spent().compareTo(it.limit().multiply(threshold)) >= 0
                || (threshold.compareTo(BigDecimal.ONE) == 0 && one.full() && it.usedUp(true));
    }

    private void note(Standing it, BigDecimal threshold, Instant now) {
        BudgetPlan plan = it.plan();
        boolean isNew = repository.reached(new BudgetAlert(plan.name(), it.window().from(), threshold, now,
                new Amount(it.spent()), new Amount(it.limit()), plan.webhook() == null ? null : now, 0, null,
                plan.webhook() == null ? "the budget names no webhook" : "to be sent"));
        if (isNew) {
            LOG.warn("Budget {} has reached {} %: {} of {} USD are spent", plan.name(),
                    threshold.movePointRight(2).stripTrailingZeros().toPlainString(),
                    it.spent().stripTrailingZeros().toPlainString(),
                    it.limit().stripTrailingZeros().toPlainString());
        }
    }

    /** Sends what is due. */
    public void deliver() throws InterruptedException {
        Instant now = clock.instant();
        for (BudgetAlert alert : repository.due(now)) {
            Instant next = alert.tries() < AGAIN.size() ? now.plus(AGAIN.get(alert.tries())) : null;
            if (repository.claim(alert, next)) {
                String failure = send(alert);
                repository.tried(alert, failure == null ? clock.instant() : null, failure == null ? "sent" : failure);
                if (failure != null) {
                    LOG.warn("The alert that budget {} has reached a threshold was not sent: {}", alert.budget(),
                            failure);
                }
            }
        }
    }

    /** @return why it was not sent; null when it was */
    private @Nullable String send(BudgetAlert alert) throws InterruptedException {
        BudgetPlan plan = plans.get().stream().filter(it -> it.name().equals(alert.budget())).findFirst().orElse(null);
        URI address = plan == null ? null : plan.webhookAddress();
        if (plan == null || address == null) {
            return "the budget names no webhook any more";
        }
        byte[] body = JsonMapper.shared().writeValueAsString(message(alert, plan)).getBytes(UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (secret != null) {
            request.header("Pareto-Signature", "sha256=" + ReportSender.signature(secret, body));
        }
        try {
            int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
            return status / 100 == 2 ? null : "the webhook answered " + status;
        } catch (IOException unreachable) {
            return "the webhook cannot be reached: " + unreachable.getClass().getSimpleName();
        }
    }

    private static Map<String, @Nullable Object> message(BudgetAlert alert, BudgetPlan plan) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("event", "budget_threshold");
        message.put("budget", alert.budget());
        message.put("scope", plan.scope().told());
        message.put("threshold", alert.threshold().toPlainString());
        message.put("spent", alert.spent().plain());
        message.put("limit", alert.limit().plain());
        message.put("currency", BudgetPlan.CURRENCY);
        message.put("period", plan.period().every().text());
        message.put("from", alert.period().toString());
        Instant to = plan.period().at(alert.period()).to();
        message.put("resets", to == null ? null : to.toString());
        message.put("when_used_up", plan.whenUsedUp().text());
        message.put("reached", alert.reached().toString());
        return message;
    }
}
