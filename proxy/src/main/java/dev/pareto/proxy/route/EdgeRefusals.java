package dev.pareto.proxy.route;

import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.guard.Edge;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Answers what the edge refuses, for every path of the data port. */
public final class EdgeRefusals {

    private final Edge edge;

    public EdgeRefusals(Edge edge) {
        this.edge = edge;
    }

    public boolean concern(HttpServerRequest request) {
        return edge.refusal(request.method(), request.uri(), request.requestHeaders()) != null;
    }

    public Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        OpenAiError error = edge.refusal(request.method(), request.uri(), request.requestHeaders());
        return error == null ? response.sendNotFound() : Replies.error(response, null, error);
    }
}
