package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.StoredExperimentMove;
import dev.pareto.policies.decide.Replacement;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.Experiment;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.policies.experiment.OutcomeSink;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.proxy.experiment.ExperimentBook;
import dev.pareto.proxy.experiment.ExperimentView;
import dev.pareto.proxy.swap.SwapBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The experiments of the admin port: where they stand, what they found, and what people do to them. */
final class ExperimentApi {

    private static final int MOST_MOVES = 200;
    private static final int MOST_OUTCOMES = 10_000;

    /** Requests of an arm that was never applied, before somebody is told. */
    private static final int MANY = 20;

    private final SwapMachine machine = new SwapMachine();
    private final ExperimentBook book;
    private final SwapBook swaps;
    private final OutcomeSink outcomes;
    private final AdminApi admin;

    ExperimentApi(ExperimentBook book, SwapBook swaps, OutcomeSink outcomes, AdminApi admin) {
        this.book = book;
        this.swaps = swaps;
        this.outcomes = outcomes;
        this.admin = admin;
    }

    /**
     * One move as the admin port tells it.
     *
     * @param decision what was known then; null at a start
     */
    record MoveView(Instant at, int run, String from, String to, String by, String reason,
            @Nullable JsonNode decision) {

        static MoveView of(StoredExperimentMove move) {
            return new MoveView(move.at(), move.run(), move.from(), move.to(), move.by(), move.reason(),
                    move.decision() == null ? null : JsonMapper.shared().readTree(move.decision()));
        }
    }

    /** One of them with its moves, newest first, and the looks of its run, oldest first. */
    record Opened(ExperimentView experiment, List<MoveView> moves, List<ExperimentBook.Look> looks) {}

    /** A row that was not taken. */
    record RefusedOutcome(String request, String code, String message) {}

    Mono<ServerResponse> list(ServerRequest request) {
        return admin.answer(() -> Map.of("experiments", book.plans().stream().map(this::view).toList()));
    }

    Mono<ServerResponse> open(ServerRequest request) {
        return admin.answer(() -> {
            ExperimentPlan plan = book.plan(request.pathVariable("name"));
            return new Opened(view(plan), book.moves(plan.name(), MOST_MOVES).stream().map(MoveView::of).toList(),
                    book.looks(plan.name()));
        });
    }

    private ExperimentView view(ExperimentPlan plan) {
        return view(plan, book.find(plan.name()));
    }

    private ExperimentView view(ExperimentPlan plan, Experiment experiment) {
        List<String> problems = new ArrayList<>();
        String failure = book.failure(plan.name());
        if (failure != null) {
            problems.add("It cannot be looked at, so neither its rule nor its guards can end it: " + failure);
        }
        ExperimentBook.Look look = book.look(plan.name());
        for (Arm arm : plan.arms()) {
            String gate = experiment.state() == Experiment.State.CONCLUDED ? null : gate(plan, arm);
            if (gate != null) {
                problems.add("arm " + arm.name() + " " + gate);
            } else if (look != null) {
                look.findings()
                        .arms()
                        .stream()
                        .filter(seen -> seen.arm().equals(arm.name()) && seen.delivered() == 0
                                && seen.requests() >= MANY)
                        .forEach(seen -> problems.add("arm " + arm.name() + " was applied to none of its "
                                + seen.requests() + " requests"));
            }
        }
        return ExperimentView.of(plan, experiment, look, problems);
    }

    /** What keeps an arm's model from its requests now; null where nothing does. */
    private @Nullable String gate(ExperimentPlan plan, Arm arm) {
        if (arm.model() == null) {
            return null;
        }
        var key = new SwapKey(plan.route(), arm.model());
        Replacement replacement = swaps.replacement(key);
        if (replacement == null) {
            return null;
        }
        Swap stored = swaps.find(key);
        Swap swap = stored == null ? machine.derive(key, replacement.plan(), replacement.facts()) : stored;
        SwapMachine.Permit permit = machine.permit(swap, replacement.plan(), replacement.facts());
        String silence = swaps.silence(swap, replacement);
        String why = silence == null || permit.overridden() ? permit.why() : silence;
        return permit.share() <= 0
                ? "is never applied: " + arm.model() + " may not serve now (" + why + ")"
                : permit.share() < 1
                        ? String.format(Locale.ROOT, "is applied to at most %.4g %% of the traffic: the swap to %s %s",
                                100 * permit.share(), arm.model(), why)
                        : null;
    }

    /** {@code {"action": "start" | "stop" | "conclude", "name", "by", "reason", "winner"?, "anyway"?}}. */
    Mono<ServerResponse> act(ServerRequest request) {
        return admin.posted(request, "steer experiments", text -> {
            JsonNode body = parse(text);
            String name = text(body, "name");
            String by = text(body, "by");
            String reason = text(body, "reason");
            ExperimentPlan plan = book.plan(name);
            Experiment after = switch (text(body, "action")) {
                case "start" -> book.start(name, by, reason);
                case "stop" -> book.stop(name, by, reason);
                case "conclude" ->
                    book.conclude(name, text(body, "winner"), by, reason, body.path("anyway").asBoolean(false));
                default -> throw new IllegalArgumentException(
                        "action is start, stop or conclude, not '" + text(body, "action") + "'");
            };
            return view(plan, after);
        });
    }

    /**
     * {@code {"outcomes": [{"request": id, "metric": "success", "value": 1}]}}; answers when they are durable, and tells which rows
     * speak of no request. 404 where all of them do.
     */
    Mono<ServerResponse> outcomes(ServerRequest request) {
        return admin.posted(request, "post outcomes", text -> {
            List<CompletableFuture<@Nullable Void>> written = new ArrayList<>();
            JsonNode list = parse(text).path("outcomes");
            if (list.isEmpty() || list.size() > MOST_OUTCOMES) {
                throw new IllegalArgumentException("send 1 to " + MOST_OUTCOMES + " outcomes");
            }
            List<RefusedOutcome> refused = new ArrayList<>();
            for (JsonNode one : list) {
                if (!one.path("value").isNumber()) {
                    throw new IllegalArgumentException("each outcome has a number 'value'");
                }
                String id = text(one, "request");
                if (Metric.postable(text(one, "metric")) && !book.served(id)) {
                    refused.add(new RefusedOutcome(id, "request_not_found", "There is no request with this id."));
                    continue;
                }
                written.add(outcomes.outcome(id, text(one, "metric"), one.path("value").doubleValue()));
            }
            CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).join();
            if (written.isEmpty()) {
                throw AdminApi.refused(404, "request_not_found", "there is no request with any of these ids, e.g. '"
                        + refused.getFirst().request() + "'");
            }
            return Map.of("taken", written.size(), "refused", refused);
        });
    }

    private static String text(JsonNode body, String name) {
        return body.path(name).asString("");
    }

    private static JsonNode parse(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("the body is not JSON", malformed);
        }
    }
}
