package dev.pareto.proxy.admin;

import dev.pareto.dashboards.routing.RoutingApi;
import dev.pareto.proxy.LiveConfig;
import java.util.concurrent.Semaphore;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Routing on the admin port: where traffic goes, and what another policy would have done. */
final class RoutingPages {

    private final RoutingApi routing;
    private final LiveConfig config;
    private final AdminApi admin;

    /** Thousands of decisions are made again: one caller at a time. */
    private final Semaphore simulating = new Semaphore(1);

    RoutingPages(RoutingApi routing, LiveConfig config, AdminApi admin) {
        this.routing = routing;
        this.config = config;
        this.admin = admin;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return admin.read(() -> routing.list(config.get(), request.queryParam("period").orElse(null)));
    }

    Mono<ServerResponse> one(ServerRequest request) {
        String name = request.pathVariable("route");
        return admin.read(() -> routing.route(config.get(), name, request.queryParam("period").orElse(null))
                .orElseThrow(() -> AdminApi.refused(404, "route_not_found",
                        "there is no route " + name + " in the configuration")));
    }

    /** {@code {"route": …, "policy": name or text, "period": …, "everywhere": …}}; writes nothing. */
    Mono<ServerResponse> simulate(ServerRequest request) {
        return admin.posted(request, "simulate policies", body -> {
            JsonNode asked = asked(body);
            if (!simulating.tryAcquire()) {
                throw AdminApi.refused(429, "simulation_running",
                        "another simulation is running; try again in a few seconds");
            }
            try {
                return routing.simulate(config.get(), asked.path("route").asString(""),
                        asked.path("policy").asString(""), asked.path("period").asStringOpt().orElse(null),
                        asked.path("everywhere").booleanValue(false));
            } finally {
                simulating.release();
            }
        });
    }

    private static JsonNode asked(String body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException unreadable) {
            throw new IllegalArgumentException(
                    "send {\"route\": \"support\", \"policy\": \"minimise: cost\"}: " + unreadable.getOriginalMessage(),
                    unreadable);
        }
    }
}
