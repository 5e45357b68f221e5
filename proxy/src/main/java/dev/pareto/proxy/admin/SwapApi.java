package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.StoredMove;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Replacement;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.yaml.Units;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.feedback.FeedbackDesk;
import dev.pareto.proxy.swap.LiveJudge;
import dev.pareto.proxy.swap.SwapBook;
import dev.pareto.proxy.swap.SwapClock;
import dev.pareto.proxy.swap.SwapTraces;
import dev.pareto.proxy.swap.SwapView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The swaps of the admin port: where they stand, how they came there, and what people do to them. */
final class SwapApi {

    private static final int MOST_MOVES = 200;
    private static final int MOST_SCORES = 10_000;
    private static final int MOST_FEEDBACK = 50;

    private final SwapBook swaps;
    private final LiveJudge judge;
    private final SwapTraces traces;
    private final FeedbackDesk feedback;
    private final VerdictBook verdicts;
    private final LiveConfig config;
    private final SwapClock clock;
    private final AdminApi admin;

    /** @param clock by which swaps live and verdicts expire */
    SwapApi(SwapBook swaps, LiveJudge judge, SwapTraces traces, FeedbackDesk feedback, VerdictBook verdicts,
            LiveConfig config, SwapClock clock, AdminApi admin) {
        this.swaps = swaps;
        this.judge = judge;
        this.traces = traces;
        this.feedback = feedback;
        this.verdicts = verdicts;
        this.config = config;
        this.clock = clock;
        this.admin = admin;
    }

    /**
     * One move as the admin port tells it.
     *
     * @param guard whose alarm made it; null when none did
     */
    record MoveView(Instant at, String route, String candidate, String segment, String from, String to, double share,
            String by, String reason, @Nullable String verdictId, @Nullable String guard) {

        static MoveView of(StoredMove move) {
            return new MoveView(move.at(), move.key().route(), move.key().candidate().toString(),
                    move.key().segment(), move.from(), move.to(), move.share(), move.by(), move.reason(),
                    move.verdictId(), move.guard());
        }
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return admin.answer(() -> {
            List<SwapView> views = new ArrayList<>();
            for (Swap swap : swaps.all()) {
                Replacement replacement = swaps.replacement(swap.key());
                if (replacement != null) {
                    views.add(view(swap, replacement));
                }
            }
            return Map.of("now", swaps.now(), "speed", clock.speed(), "swaps", views);
        });
    }

    private SwapView view(Swap swap, Replacement replacement) {
        return SwapView.of(swap, replacement, judge, swaps.silence(swap, replacement));
    }

    Mono<ServerResponse> moves(ServerRequest request) {
        return admin.answer(() -> Map.of("moves",
                swaps.history(request.queryParam("route").orElse(null), AdminApi.limit(request, MOST_MOVES))
                        .stream()
                        .map(MoveView::of)
                        .toList()));
    }

    /** {@code ?route=ROUTE&candidate=MODEL&segment=SEGMENT}: one swap with all that its page shows. */
    Mono<ServerResponse> story(ServerRequest request) {
        return admin.answer(() -> {
            String route = request.queryParam("route").orElse("");
            String candidate = request.queryParam("candidate").orElse("");
            String segment = request.queryParam("segment").orElse(SwapKey.REST);
            for (Swap swap : swaps.all()) {
                boolean meant = swap.route().equals(route) && swap.key().segment().equals(segment)
                        && (candidate.isEmpty() || swap.candidate().toString().equals(candidate));
                Replacement replacement = meant ? swaps.replacement(swap.key()) : null;
                if (replacement != null) {
                    return story(swap, replacement);
                }
            }
            throw AdminApi.refused(404, "swap_not_found", "there is no swap of route '" + route + "'"
                    + (candidate.isEmpty() ? "" : " to " + candidate)
                    + (segment.isEmpty() ? "" : " in segment '" + segment + "'"));
        });
    }

    private SwapStory story(Swap swap, Replacement replacement) {
        String verdict = swap.verdictId();
        Route route = config.get().routes().get(swap.route());
        ModelId baseline = route == null ? null : route.baseline();
        String incumbent = baseline == null ? "the closed model" : baseline.toString();
        Instant now = swaps.now();
        return new SwapStory(view(swap, replacement), incumbent, now, clock.speed(),
                verdict == null
                        ? null
                        : verdicts.find(verdict).map(found -> VerdictRow.of(found, clock.instant())).orElse(null),
                SwapStory.steps(swap, replacement.plan(), now), SwapStory.actions(swap, replacement, incumbent),
                swaps.history(swap.route(), MOST_MOVES)
                        .stream()
                        .filter(move -> move.key().equals(swap.key()))
                        .map(MoveView::of)
                        .toList(),
                traces.of(swap.key()).stream().map(SwapStory.Point::of).toList(),
                feedback.of(swap.key(), MOST_FEEDBACK).stream().map(FeedbackApi.FeedbackView::of).toList());
    }

    /** {@code {"action": "approve", "route": …, "candidate"?, "segment"?, "by", "reason"?, "share"?, "for"?}}. */
    Mono<ServerResponse> act(ServerRequest request) {
        return admin.posted(request, "steer swaps", text -> {
            JsonNode body = parse(text);
            SwapKey key = key(body);
            Swap after = swaps.steer(key, event(body));
            Replacement replacement = swaps.replacement(key);
            if (replacement == null) {
                throw new IllegalArgumentException("the " + key + " is not configured any more");
            }
            return view(after, replacement);
        });
    }

    /** {@code {"route": …, "candidate"?, "segment"?, "scores": [{"candidate": 0.8, "incumbent"?: 1}]}}: graded live answers. */
    Mono<ServerResponse> scores(ServerRequest request) {
        return admin.posted(request, "grade answers", text -> {
            JsonNode body = parse(text);
            SwapKey key = key(body);
            List<SwapEvent> events = new ArrayList<>();
            for (JsonNode score : body.path("scores")) {
                if (!score.path("candidate").isNumber()) {
                    throw new IllegalArgumentException("each score has a number 'candidate' from 0 to 1");
                }
                JsonNode other = score.path("incumbent");
                events.add(new SwapEvent.Graded(score.path("candidate").doubleValue(),
                        other.isNumber() ? (Double) other.doubleValue() : null));
            }
            if (events.isEmpty() || events.size() > MOST_SCORES) {
                throw new IllegalArgumentException("send 1 to " + MOST_SCORES + " scores");
            }
            events.forEach(event -> swaps.tell(key, event));
            return Map.of("taken", events.size());
        });
    }

    private SwapEvent event(JsonNode body) {
        String by = text(body, "by", "");
        String reason = text(body, "reason", "");
        return switch (text(body, "action", "")) {
            case "approve" -> new SwapEvent.Approved(by, reason);
            case "skip-waiting" -> new SwapEvent.Approved(by, reason, true);
            case "roll-back" -> new SwapEvent.RolledBack(by, reason);
            case "freeze" -> new SwapEvent.Frozen(by, reason, until(body));
            case "override" -> new SwapEvent.Overridden(by, reason, until(body), Units.share(text(body, "share", "")));
            case "release" -> new SwapEvent.Released(by, reason);
            default -> throw new IllegalArgumentException(
                    "action is approve, skip-waiting, freeze, override, roll-back or release, not '"
                            + text(body, "action", "")
                            + "'");
        };
    }

    private Instant until(JsonNode body) {
        return swaps.now().plus(Units.duration(text(body, "for", "")));
    }

    private SwapKey key(JsonNode body) {
        String route = text(body, "route", "");
        String segment = text(body, "segment", SwapKey.REST);
        String candidate = text(body, "candidate", "");
        if (!candidate.isEmpty()) {
            return known(new SwapKey(route, ModelId.parse(candidate), segment));
        }
        List<SwapKey> found = swaps.all()
                .stream()
                .map(Swap::key)
                .filter(key -> key.route().equals(route) && key.segment().equals(segment))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(found.isEmpty()
                    ? "there is no swap of route '" + route + "'"
                            + (segment.isEmpty() ? "" : " and segment '" + segment + "'")
                    : "route '" + route + "' has several swaps; name the candidate");
        }
        return found.getFirst();
    }

    private SwapKey known(SwapKey key) {
        if (swaps.find(key) == null) {
            throw new IllegalArgumentException("there is no " + key);
        }
        return key;
    }

    private static String text(JsonNode body, String name, String otherwise) {
        return body.path(name).asString(otherwise);
    }

    private static JsonNode parse(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("the body is not JSON", malformed);
        }
    }
}
