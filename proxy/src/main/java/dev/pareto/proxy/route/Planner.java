package dev.pareto.proxy.route;

import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.key.Caller;

import io.netty.handler.codec.http.HttpHeaders;

/** Decides where a request goes. Called on an event loop: answers from memory, in microseconds. */
@FunctionalInterface
public interface Planner {

    /**
     * @param headers the caller's, all of them
     * @throws RefusedException when no model may serve the request; says which bound is in the way
     */
    Planned plan(OpenAiRequest request, Caller caller, HttpHeaders headers);
}
