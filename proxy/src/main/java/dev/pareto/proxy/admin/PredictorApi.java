package dev.pareto.proxy.admin;

import java.util.Map;

import dev.pareto.proxy.learn.Learning;

import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was learned of each route's models, on the admin port. */
final class PredictorApi {

    private final Learning learning;
    private final AdminApi admin;

    PredictorApi(Learning learning, AdminApi admin) {
        this.learning = learning;
        this.admin = admin;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return admin.answer(() -> Map.of("predictors", learning.rows()));
    }

    /** {@code {"route": …}}: learns now; the answer is what came of it. */
    Mono<ServerResponse> train(ServerRequest request) {
        return admin.posted(request, "train predictors", body -> {
            JsonNode asked = JsonMapper.shared().readTree(body);
            String route = asked.path("route").asString("");
            if (route.isBlank()) {
                throw new IllegalArgumentException("name a route: {\"route\": \"support\"}");
            }
            return learning.teach(route);
        });
    }
}
