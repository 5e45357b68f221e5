package dev.pareto.proxy.admin;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.pareto.dashboards.store.StoredFeedback;
import dev.pareto.proxy.feedback.FeedbackDesk;

import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** What callers said of answers, on the admin port. */
final class FeedbackApi {

    private static final int MOST = 200;

    private final FeedbackDesk desk;
    private final AdminApi admin;

    FeedbackApi(FeedbackDesk desk, AdminApi admin) {
        this.desk = desk;
        this.admin = admin;
    }

    /** One number of one caller, and the swaps whose arm it speaks of. */
    record FeedbackView(Instant at, String requestId, String name, double value, String tenant, String route,
            String model, Instant answeredAt, @Nullable String comment, List<PartView> parts) {

        static FeedbackView of(StoredFeedback one) {
            return new FeedbackView(one.at(), one.requestId(), one.name(), one.value(), one.tenant(), one.route(),
                    one.model().toString(), one.answeredAt(), one.comment(), one.parts()
                            .stream()
                            .map(part -> new PartView(part.candidate().toString(), part.segment(), part.arm(),
                                    part.state()))
                            .toList());
        }
    }

    /** A part in a swap, as decided when the answer was given. */
    record PartView(String candidate, String segment, String arm, String state) {}

    /** {@code ?route=…&limit=…}, the newest first. */
    Mono<ServerResponse> list(ServerRequest request) {
        return admin.answer(() -> Map.of("feedback",
                desk.newest(request.queryParam("route").orElse(null), AdminApi.limit(request, MOST))
                        .stream()
                        .map(FeedbackView::of)
                        .toList()));
    }
}
