package dev.pareto.proxy.upstream;

import java.time.Duration;

import dev.pareto.policies.price.Cost;
import dev.pareto.proxy.meter.Attempt;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** What the caller will get: the end of the chain of attempts. */
public sealed interface Answered {

    Deployment deployment();

    int status();

    /** The vendor's headers; not yet allow-listed. */
    HttpHeaders headers();

    /** Time that was spent waiting for upstreams. */
    Duration waited();

    /** An answer that is whole, good or bad; its attempt is closed. */
    final class Whole implements Answered {

        private final Deployment deployment;
        private final int status;
        private final HttpHeaders headers;
        private final Duration waited;
        private final byte[] body;
        private final boolean understood;
        private final @Nullable Cost cost;

        Whole(Deployment deployment, int status, HttpHeaders headers, Duration waited, byte[] body,
                boolean understood, @Nullable Cost cost) {
            this.deployment = deployment;
            this.status = status;
            this.headers = headers;
            this.waited = waited;
            this.body = body;
            this.understood = understood;
            this.cost = cost;
        }

        @Override
        public Deployment deployment() {
            return deployment;
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public HttpHeaders headers() {
            return headers;
        }

        @Override
        public Duration waited() {
            return waited;
        }

        public byte[] body() {
            return body;
        }

        /** Whether it is what was asked for; an error is not, nor is a success that cannot be read. */
        public boolean understood() {
            return understood;
        }

        /** Null when it is unpriced or nothing was bought. */
        public @Nullable Cost cost() {
            return cost;
        }
    }

    /**
     * An event stream whose first bytes are here.
     *
     * @param attempt still open; whoever takes the stream must close it
     * @param usageAdded whether the gateway asked for the usage, which must then be hidden
     * @param logprobsAdded the same of log-probabilities
     */
    record Live(Deployment deployment, int status, HttpHeaders headers, Duration waited, Attempt attempt,
            boolean usageAdded, boolean logprobsAdded,
            Flux<byte[]> body) implements Answered {

        /** A stream without log-probabilities that nobody asked for. */
        public Live(Deployment deployment, int status, HttpHeaders headers, Duration waited, Attempt attempt,
                boolean usageAdded, Flux<byte[]> body) {
            this(deployment, status, headers, waited, attempt, usageAdded, false, body);
        }
    }
}
