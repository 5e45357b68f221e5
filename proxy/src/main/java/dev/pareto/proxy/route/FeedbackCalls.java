package dev.pareto.proxy.route;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.feedback.FeedbackDesk;
import dev.pareto.proxy.feedback.FeedbackDesk.Taken;
import dev.pareto.proxy.feedback.FeedbackReader;
import dev.pareto.proxy.guard.Edge;
import dev.pareto.proxy.guard.RequestBody;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.key.Callers;
import dev.pareto.proxy.limit.Admission;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** {@code POST /pareto/v1/feedback}: what callers say of answers, by themselves or many at once. */
public final class FeedbackCalls {

    private static final Logger LOG = LoggerFactory.getLogger(FeedbackCalls.class);
    private static final Duration BODY_PAUSE = Duration.ofSeconds(30);
    private static final int MOST_BYTES = 4 << 20;

    private final Edge edge;
    private final Callers callers;
    private final Admission admission;
    private final FeedbackDesk desk;
    private final Scheduler scheduler;

    /** @param scheduler may wait for the store */
    public FeedbackCalls(Edge edge, Callers callers, Admission admission, FeedbackDesk desk, Scheduler scheduler) {
        this.edge = edge;
        this.callers = callers;
        this.admission = admission;
        this.desk = desk;
        this.scheduler = scheduler;
    }

    public boolean concern(HttpServerRequest request) {
        return request.fullPath().equals(Edge.FEEDBACK);
    }

    public Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return Mono.defer(() -> take(request, response)).onErrorResume(failure -> refuse(response, failure));
    }

    private Mono<Void> take(HttpServerRequest request, HttpServerResponse response) {
        if (!request.method().equals(HttpMethod.POST)) {
            throw new RefusedException(OpenAiError.refused(405, "method_not_allowed", "Feedback is posted."));
        }
        Caller caller = callers.identify(request.requestHeaders());
        Admission.Permit permit = admission.enter();
        String declared = request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
        return RequestBody
                .collect(request.receive().onErrorMap(CallerLeftException::new),
                        declared == null ? -1 : Long.parseLong(declared), edge, BODY_PAUSE)
                .flatMap(bytes -> {
                    if (bytes.length > MOST_BYTES) {
                        throw new RefusedException(OpenAiError.refused(413, "request_too_large",
                                "Feedback is at most " + MOST_BYTES + " bytes; send it in parts."));
                    }
                    FeedbackReader.Body body = FeedbackReader.read(bytes);
                    return Mono.fromCallable(() -> desk.take(caller.tenant(), body.feedback()))
                            .subscribeOn(scheduler)
                            .flatMap(taken -> answer(response, body.single(), taken));
                })
                .doFinally(end -> permit.close());
    }

    private static Mono<Void> answer(HttpServerResponse response, boolean single, List<Taken> taken) {
        if (single && taken.getFirst() instanceof Taken.Refused refused) {
            return Replies.error(response, null, refused.error());
        }
        Object answer = single
                ? view(taken.getFirst())
                : Map.of("object", "list", "data", taken.stream().map(FeedbackCalls::view).toList());
        response.status(200).header(HttpHeaderNames.CONTENT_TYPE, "application/json");
        return Replies.whole(response, Json.mapper().writeValueAsBytes(answer));
    }

    private static Map<String, @Nullable Object> view(Taken taken) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("request_id", taken.requestId());
        switch (taken) {
            case Taken.Recorded it -> {
                view.put("status", it.fresh() ? "recorded" : "known");
                view.put("model", it.model().toString());
                view.put("comment", it.commentKept() ? "kept" : null);
            }
            case Taken.Refused it -> {
                view.put("status", "refused");
                view.put("error", Map.of("code", it.error().code(), "message", it.error().message()));
            }
        }
        return view;
    }

    private static Mono<Void> refuse(HttpServerResponse response, Throwable failure) {
        if (failure instanceof CallerLeftException) {
            return Mono.empty();
        }
        if (response.hasSentHeaders()) {
            return Mono.error(failure);
        }
        if (failure instanceof RefusedException refused) {
            return Replies.error(response, null, refused.error());
        }
        LOG.error("feedback could not be taken", Objects.requireNonNull(failure));
        return Replies.error(response, null, OpenAiError.internal());
    }
}
