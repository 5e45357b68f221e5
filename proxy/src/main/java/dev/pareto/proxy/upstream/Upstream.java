package dev.pareto.proxy.upstream;

import reactor.core.publisher.Mono;

/**
 * Something that answers calls in the OpenAI dialect: a vendor, a model in this process, a simulation. Never blocks the caller's
 * thread. Cancelling the Mono, or the answer's body, ends the work upstream at once.
 */
@FunctionalInterface
public interface Upstream {

    /**
     * Sends one call.
     *
     * @return the answer once its status is known, whatever the status is; an {@link UpstreamException} when there is none
     */
    Mono<UpstreamAnswer> send(UpstreamCall call);
}
