package dev.pareto.proxy.route;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.key.Callers;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** {@code GET /v1/models} and {@code /v1/models/NAME}: the routes and models that a caller may name, in OpenAI's shape. */
public final class ModelList {

    private static final String PATH = "/v1/models";

    private final Supplier<ParetoConfig> config;
    private final Callers callers;
    private final long created;

    public ModelList(Supplier<ParetoConfig> config, Callers callers, InstantSource clock) {
        this.config = config;
        this.callers = callers;
        this.created = clock.instant().getEpochSecond();
    }

    /** What is not listed here is asked of the vendor to whom it would go, by passing the question through. */
    public boolean concern(HttpServerRequest request) {
        boolean asked = request.method().equals(HttpMethod.GET);
        return asked && (request.fullPath().equals(PATH)
                || (request.fullPath().startsWith(PATH + "/") && here(name(request))));
    }

    private boolean here(String name) {
        ParetoConfig now = config.get();
        return now.routes().containsKey(name) || now.catalogue().resolve(name).isPresent()
                || now.catalogue().unlisted(name).filter(model -> model.upstreamName().equals(name)).isEmpty();
    }

    private static String name(HttpServerRequest request) {
        return URLDecoder.decode(request.fullPath().substring(PATH.length() + 1), StandardCharsets.UTF_8);
    }

    public Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        try {
            callers.identify(request.requestHeaders());
            byte[] body = Json.mapper()
                    .writeValueAsBytes(request.fullPath().equals(PATH)
                            ? Map.of("object", "list", "data", all())
                            : one(name(request)));
            response.status(200).header(HttpHeaderNames.CONTENT_TYPE, "application/json");
            return Replies.whole(response, body);
        } catch (RefusedException refused) {
            return Replies.error(response, null, refused.error());
        }
    }

    private List<Map<String, Object>> all() {
        ParetoConfig now = config.get();
        List<Map<String, Object>> all = new ArrayList<>();
        now.routes().keySet().forEach(route -> all.add(entry(route, "pareto")));
        for (Model model : now.catalogue().models()) {
            all.add(entry(model.id().toString(), model.id().vendor()));
        }
        return all;
    }

    private Map<String, Object> one(String name) {
        ParetoConfig now = config.get();
        if (now.routes().containsKey(name)) {
            return entry(name, "pareto");
        }
        return now.catalogue()
                .resolve(name)
                .map(model -> entry(name, model.id().vendor()))
                .orElseThrow(() -> new RefusedException(new OpenAiError(404, "invalid_request_error", "model_not_found",
                        "The model '" + name + "' does not exist here; GET /v1/models lists those that do.", "model",
                        null)));
    }

    private Map<String, Object> entry(String id, String owner) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", id);
        entry.put("object", "model");
        entry.put("created", created);
        entry.put("owned_by", owner);
        return entry;
    }
}
