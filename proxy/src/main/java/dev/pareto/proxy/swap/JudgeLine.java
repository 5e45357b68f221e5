package dev.pareto.proxy.swap;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.guard.JudgePlan;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.Observed;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RequestReader;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.upstream.Answered;
import dev.pareto.proxy.upstream.Attempts;
import dev.pareto.proxy.upstream.Plan;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A judge's line while one request's answers are judged: each call is a row of role JUDGE under the request, within the day's cap and its
 * own time limit, and is never retried. Waits; for one thread.
 */
final class JudgeLine implements JudgeClient {

    /** Far from the numbers of attempts and copies. */
    private static final int FIRST_NUMBER = 2_000;

    private final Attempts attempts;
    private final Meter meter;
    private final DailyBudget budget;
    private final Plan judged;
    private final JudgePlan plan;
    private final Instant now;
    private final AtomicInteger number = new AtomicInteger(FIRST_NUMBER);

    JudgeLine(Attempts attempts, Meter meter, DailyBudget budget, Plan judged, JudgePlan plan, Instant now) {
        this.attempts = attempts;
        this.meter = meter;
        this.budget = budget;
        this.judged = judged;
        this.plan = plan;
        this.now = now;
    }

    @Override
    public Reply ask(ModelId judge, List<Map<String, Object>> messages, Map<String, Object> sampling)
            throws JudgeException {
        Model model = attempts.model(judge);
        if (model == null) {
            throw new JudgeException("it cannot be called now");
        }
        OpenAiRequest request = request(judge, messages, sampling);
        MeteredRequest metered = judged.metered()
                .judged(judge.toString(), request.promptCharacters(),
                        meter.observations().tokens().promptTokens(judge, request.promptCharacters()),
                        request.maxOutputTokens());
        Money worst = meter.worstCase(metered, model);
        DailyBudget.Hold hold = budget.reserve(metered.route(), worst, plan.perDay(), now);
        if (hold == null) {
            throw new JudgeException(worst == null
                    ? "it has no price, so no daily cap can hold it"
                    : "the day's cap for judging is reached");
        }
        var headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        headers.set(HttpHeaderNames.ACCEPT, "application/json");
        var call = new Plan(request, metered, new Caller(judged.caller().tenant(), judged.caller().tags(), null),
                headers, List.of(judge), null);
        long startedNanos = meter.nanoTime();
        Answered answered;
        try {
            answered = attempts.aside(call, AttemptRole.JUDGE, number.getAndIncrement(), plan.timeLimit(),
                    end -> hold.settle(end.cost()))
                    .block(plan.timeLimit().plusSeconds(1)); // the call's own limit comes first and closes its row
        } catch (RuntimeException failed) {
            throw new JudgeException(String.valueOf(failed.getMessage()));
        }
        return reply(answered, Duration.ofNanos(meter.nanoTime() - startedNanos));
    }

    private static Reply reply(@Nullable Answered answered, Duration took) throws JudgeException {
        switch (answered) {
            case null -> throw new JudgeException("it gave no answer");
            case Answered.Live live -> {
                live.attempt().fail(live.status(), Observed.NOTHING, true, "upstream_unreadable");
                var _ = live.body().take(0).subscribe(); // lets go of the connection
                throw new JudgeException("it streams what was not asked to be streamed");
            }
            case Answered.Whole whole -> {
                String words = whole.status() == 200 && whole.understood() ? AnswerForm.words(whole.body()) : null;
                if (words == null) {
                    throw new JudgeException("it answered with status " + whole.status() + " and no words");
                }
                return new Reply(words, took, whole.cost() == null ? null : whole.cost().total());
            }
        }
    }

    private static OpenAiRequest request(ModelId judge, List<Map<String, Object>> messages,
            Map<String, Object> sampling) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("model", judge.toString());
        body.set("messages", Json.mapper().valueToTree(messages));
        sampling.forEach((name, value) -> body.set(name, Json.mapper().valueToTree(value)));
        return RequestReader.read(Endpoint.CHAT, Json.mapper().writeValueAsBytes(body));
    }
}
