package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.util.function.Predicate;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Cost;
import dev.pareto.proxy.dialect.openai.Logprobs;
import dev.pareto.proxy.dialect.openai.Observed;
import dev.pareto.proxy.dialect.openai.OpenAiRequest.Additions;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.StreamWatch;
import dev.pareto.proxy.meter.Attempt;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * An answer that nobody has seen yet and whose attempt is still open: whoever took it says once what becomes of it. What is said of a closed
 * attempt changes nothing. Thread-safe.
 */
public final class Held implements AutoCloseable {

    /** What came of asking for one. */
    public sealed interface Result {}

    /** It is here: whole, or its beginning. */
    public record Come(Held held) implements Result {}

    /**
     * There is none, and its attempt is closed.
     *
     * @param why in a few words
     */
    public record Failed(String why) implements Result {}

    /**
     * What is asked for.
     *
     * @param plan whose request, headers and caller are used
     * @param number of its row within the request
     * @param within the time until it is whole, or begun
     * @param maxBytes of a whole one
     * @param enough told each part of a stream: whether its beginning is long enough; null for the whole of it
     */
    public record Wish(Plan plan, ModelId model, AttemptRole role, int number, Additions added, Duration within,
            int maxBytes, @Nullable Predicate<byte[]> enough) {

        boolean goesOn() {
            return enough != null && plan.request().stream();
        }

        @Override
        public Predicate<byte[]> enough() {
            return enough == null ? part -> true : enough;
        }
    }

    /** What is known of it when its head came. */
    record Part(Deployment deployment, int status, HttpHeaders headers, Attempt attempt, boolean usageAdded,
            boolean logprobsAdded, AttemptRole role) {

        Result begun(PeekedBody body, Duration waited) {
            return new Come(new Held(this, waited, body.first(), body, true, Observed.NOTHING));
        }

        /** An answer that cannot be read as one is no answer. */
        Result ended(byte[] bytes, boolean events, Duration waited) {
            attempt.ended();
            Observed seen = events ? watched(bytes) : Observed.of(bytes);
            if (!seen.complete() || seen.error()) {
                attempt.becomes(rejected(role), null);
                attempt.fail(status, seen, true, events ? "upstream_incomplete" : "upstream_unreadable");
                return new Failed(events ? "upstream_incomplete" : "upstream_unreadable");
            }
            return new Come(new Held(this, waited, bytes, null, events, seen));
        }

        private static Observed watched(byte[] events) {
            var watch = new StreamWatch(false);
            try {
                watch.pass(events);
                watch.end();
                return watch.observed();
            } catch (RefusedException tooLarge) {
                return Observed.NOTHING;
            }
        }
    }

    private final Part part;
    private final Duration waited;
    private final byte[] bytes;
    private final @Nullable PeekedBody rest;
    private final boolean events;
    private final Observed seen;

    private Held(Part part, Duration waited, byte[] bytes, @Nullable PeekedBody rest, boolean events, Observed seen) {
        this.part = part;
        this.waited = waited;
        this.bytes = bytes;
        this.rest = rest;
        this.events = events;
        this.seen = seen;
        // from here on whoever holds it closes it
        part.attempt.handedOver();
    }

    /** What an attempt was for, once its answer is not the caller's. */
    static AttemptRole rejected(AttemptRole role) {
        return role == AttemptRole.CASCADE ? AttemptRole.CASCADE_REJECTED : role;
    }

    public Deployment deployment() {
        return part.deployment;
    }

    /** What there is of it as it came; not to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether it came as an event stream. */
    public boolean events() {
        return events;
    }

    public Duration waited() {
        return waited;
    }

    /**
     * The caller gets it: a whole one is settled now, one that goes on when it ends.
     *
     * @param decisionJson the decision with what became of it
     */
    public Answered serve(Duration waitedInAll, @Nullable String decisionJson) {
        part.attempt.becomes(AttemptRole.CASCADE, decisionJson);
        if (rest != null) {
            part.attempt.handedOver();
            return live(waitedInAll, rest);
        }
        Cost cost = part.attempt.settle(part.status, seen);
        return events
                ? live(waitedInAll, Flux.just(bytes))
                : new Answered.Whole(part.deployment, part.status, part.headers, waitedInAll,
                        part.logprobsAdded ? Logprobs.hide(bytes) : bytes, true, cost);
    }

    private Answered live(Duration waitedInAll, Flux<byte[]> body) {
        return new Answered.Live(part.deployment, part.status, part.headers, waitedInAll, part.attempt,
                part.usageAdded, part.logprobsAdded, body);
    }

    /**
     * The caller does not get it; what it cost is owed.
     *
     * @return null when it is unpriced
     */
    public @Nullable Cost reject() {
        return reject(null);
    }

    /** @param decisionJson the decision with what became of it; null leaves what is written */
    public @Nullable Cost reject(@Nullable String decisionJson) {
        part.attempt.becomes(rejected(part.role), decisionJson);
        if (rest == null) {
            return part.attempt.settle(part.status, seen);
        }
        rest.cancel();
        var watch = new StreamWatch(false);
        watch.pass(bytes);
        part.attempt.dropped(part.status, watch.observed());
        return null;
    }

    /** The caller left before anything was decided. */
    @Override
    public void close() {
        if (rest != null) {
            rest.cancel();
        }
        part.attempt.abort(part.status, seen);
    }
}
