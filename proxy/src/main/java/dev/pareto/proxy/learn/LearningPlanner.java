package dev.pareto.proxy.learn;

import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.route.CacheWish;
import dev.pareto.proxy.route.Planned;
import dev.pareto.proxy.route.Planner;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A planner whose decided requests are remembered, by their features, until labels come: those of routes with a choice of models, where
 * the caller did not forbid that anything is kept ({@code Pareto-Cache: no-store}).
 */
public final class LearningPlanner implements Planner {

    private final Planner planner;
    private final LabelDesk desk;
    private final SegmentTags segments;

    /** Which part of a route's traffic a request says that it is of. */
    @FunctionalInterface
    public interface SegmentTags {

        /** The route's segment tag; null where it has none. */
        @Nullable
        String of(String route);
    }

    public LearningPlanner(Planner planner, LabelDesk desk, SegmentTags segments) {
        this.planner = planner;
        this.desk = desk;
        this.segments = segments;
    }

    @Override
    public Planned plan(OpenAiRequest request, Caller caller, HttpHeaders headers) {
        Planned planned = planner.plan(request, caller, headers);
        if (planned.route().declared() && planned.route().candidates().size() > 1
                && request.endpoint().generates() && CacheWish.of(headers).keeps()) {
            MeteredRequest metered = planned.plan().metered();
            String tag = segments.of(planned.route().name());
            desk.asked(planned.route().name(), metered.requestId().toString(), request,
                    tag == null ? null : metered.tags().get(tag));
        }
        return planned;
    }
}
