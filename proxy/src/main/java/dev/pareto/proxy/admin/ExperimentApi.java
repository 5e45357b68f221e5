package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.StoredExperimentMove;
import dev.pareto.policies.experiment.Experiment;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.OutcomeSink;
import dev.pareto.proxy.experiment.ExperimentBook;
import dev.pareto.proxy.experiment.ExperimentView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    private final ExperimentBook book;
    private final OutcomeSink outcomes;
    private final AdminApi admin;

    ExperimentApi(ExperimentBook book, OutcomeSink outcomes, AdminApi admin) {
        this.book = book;
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
        return ExperimentView.of(plan, book.find(plan.name()), book.look(plan.name()));
    }

    /** {@code {"action": "start" | "stop" | "conclude", "name", "by", "reason", "winner"?}}. */
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
                case "conclude" -> book.conclude(name, text(body, "winner"), by, reason);
                default -> throw new IllegalArgumentException(
                        "action is start, stop or conclude, not '" + text(body, "action") + "'");
            };
            return ExperimentView.of(plan, after, book.look(name));
        });
    }

    /** {@code {"outcomes": [{"request": id, "metric": "success", "value": 1}]}}; answers when they are durable. */
    Mono<ServerResponse> outcomes(ServerRequest request) {
        return admin.posted(request, "post outcomes", text -> {
            List<CompletableFuture<@Nullable Void>> written = new ArrayList<>();
            JsonNode list = parse(text).path("outcomes");
            if (list.isEmpty() || list.size() > MOST_OUTCOMES) {
                throw new IllegalArgumentException("send 1 to " + MOST_OUTCOMES + " outcomes");
            }
            for (JsonNode one : list) {
                if (!one.path("value").isNumber()) {
                    throw new IllegalArgumentException("each outcome has a number 'value'");
                }
                written.add(outcomes.outcome(text(one, "request"), text(one, "metric"),
                        one.path("value").doubleValue()));
            }
            CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).join();
            return Map.of("taken", written.size());
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
