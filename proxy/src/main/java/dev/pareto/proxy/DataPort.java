package dev.pareto.proxy;

import java.time.Duration;
import java.time.InstantSource;

import dev.pareto.policies.cascade.AcceptanceRates;
import dev.pareto.policies.decide.Fingerprints;
import dev.pareto.policies.decide.Snapshot;
import dev.pareto.policies.predict.live.AccuracyBoard;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.Verdicts;
import dev.pareto.proxy.budget.BudgetDesk;
import dev.pareto.proxy.budget.CommitmentDesk;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.experiment.ExperimentBook;
import dev.pareto.proxy.explore.Explorers;
import dev.pareto.proxy.guard.Edge;
import dev.pareto.proxy.guard.SlowReaders;
import dev.pareto.proxy.guard.UnreadableRequests;
import dev.pareto.proxy.key.Callers;
import dev.pareto.proxy.learn.LabelDesk;
import dev.pareto.proxy.learn.LearningPlanner;
import dev.pareto.proxy.limit.Admission;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.Observations;
import dev.pareto.proxy.route.BudgetCalls;
import dev.pareto.proxy.route.BudgetPlanner;
import dev.pareto.proxy.route.EdgeRefusals;
import dev.pareto.proxy.route.EnginePlanner;
import dev.pareto.proxy.route.FeedbackCalls;
import dev.pareto.proxy.route.ModelCalls;
import dev.pareto.proxy.route.ModelList;
import dev.pareto.proxy.route.PassThrough;
import dev.pareto.proxy.route.PassThroughErrors;
import dev.pareto.proxy.route.PassThroughHeaders;
import dev.pareto.proxy.route.PassThroughTarget;
import dev.pareto.proxy.route.Planner;
import dev.pareto.proxy.route.QueuedLatencies;
import dev.pareto.proxy.route.RecentModels;
import dev.pareto.proxy.sample.SampledPlanner;
import dev.pareto.proxy.sample.TrafficSamples;
import dev.pareto.proxy.swap.SwapBook;
import dev.pareto.proxy.upstream.Deployments;
import dev.pareto.proxy.upstream.LocalModels;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.NettyPipeline;
import reactor.netty.resources.LoopResources;

/**
 * The data port: the edge before everything, the calls that Pareto understands on Reactor Netty itself, and the framework behind
 * them for what passes through.
 */
@Configuration(proxyBeanMethods = false)
class DataPort {

    private static final Duration READER_PATIENCE = Duration.ofSeconds(30);

    @Bean
    Planner planner(LiveConfig config, Meter meter, Observations observations, Deployments deployments,
            Verdicts verdicts, SwapBook swaps, Fingerprints fingerprints, LocalModels models, TrafficSamples samples,
            ExperimentBook experiments, AcceptanceRates rates, LabelDesk labels, AccuracyBoard accuracies,
            Explorers explorers, MeterRegistry meters, BudgetDesk budgets,
            CommitmentDesk commitments) {
        RecentModels recent = new RecentModels();
        Planner decided = new SampledPlanner(new BudgetPlanner(new EnginePlanner(
                () -> new Snapshot(config.get(), new QueuedLatencies(observations.latencies(), models::queueWait),
                        verdicts, swaps,
                        model -> deployments.available(model) && models.available(model), fingerprints,
                        observations.lengths()::estimate, accuracies, recent, observations.cache(),
                        commitments),
                models, meter, observations.tokens(), experiments, rates, InstantSource.system(), recent,
                explorers, meters), budgets, meter, config, InstantSource.system()), samples);
        return new LearningPlanner(decided, labels, route -> {
            SwapPlan plan = config.get().swaps().get(route);
            return plan == null ? null : plan.segments().tag();
        });
    }

    /** Threads of this gateway alone, shared by the port and the calls it makes, so that a call stays on one thread. */
    @Bean
    ReactorResourceFactory reactorResourceFactory() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(() -> LoopResources.create("pareto"));
        resources.setShutdownQuietPeriod(Duration.ZERO);
        return resources;
    }

    @Bean
    NettyServerCustomizer bounds() {
        return server -> server.doOnChannelInit((observer, channel, remote) -> channel.pipeline()
                .addAfter(NettyPipeline.HttpCodec, "pareto.unreadableRequests", new UnreadableRequests())
                .addFirst("pareto.slowReaders", new SlowReaders(READER_PATIENCE)));
    }

    /** In this order: the first that matches answers. */
    @Bean
    NettyRouteProvider routes(Edge edge, ModelCalls calls, ModelList models, FeedbackCalls feedback,
            BudgetCalls budgets) {
        EdgeRefusals refusals = new EdgeRefusals(edge);
        return routes -> {
            routes.route(refusals::concern, refusals::handle);
            routes.route(feedback::concern, feedback::handle);
            routes.route(budgets::concern, budgets::handle);
            for (Endpoint endpoint : Endpoint.values()) {
                routes.route(
                        request -> request.method().equals(HttpMethod.POST)
                                && request.fullPath().equals(endpoint.path()),
                        (request, response) -> calls.handle(endpoint, request, response));
            }
            return routes.route(models::concern, models::handle);
        };
    }

    /** One route for all that is left; {@link PassThroughTarget} knows the vendor's address. */
    @Bean
    RouteLocator passThroughRoute(RouteLocatorBuilder builder) {
        return builder.routes()
                .route("pass-through", route -> route.path("/v1/**").uri("http://vendor.invalid"))
                .build();
    }

    @Bean
    PassThrough passThrough(LiveConfig config, Edge edge, Callers callers, Admission admission, Meter meter) {
        return new PassThrough(config, edge, callers, admission, meter);
    }

    @Bean
    PassThroughTarget passThroughTarget() {
        return new PassThroughTarget();
    }

    @Bean
    PassThroughHeaders headersToVendor() {
        return new PassThroughHeaders(HttpHeadersFilter.Type.REQUEST);
    }

    @Bean
    PassThroughHeaders headersToCaller() {
        return new PassThroughHeaders(HttpHeadersFilter.Type.RESPONSE);
    }

    @Bean
    PassThroughErrors passThroughErrors() {
        return new PassThroughErrors();
    }
}
