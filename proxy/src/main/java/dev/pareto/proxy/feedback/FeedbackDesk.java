package dev.pareto.proxy.feedback;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.pareto.dashboards.store.FeedbackRepository;
import dev.pareto.dashboards.store.ServedRequest;
import dev.pareto.dashboards.store.StoredFeedback;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.policies.experiment.OutcomeSink;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.policies.predict.live.LabelSource;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.guard.Arm;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.policies.swap.guard.Rating;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.swap.SwapBook;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes what callers say of answers. Each is held against its request in the ledger: whose it was, how old it is, and which arm of which
 * swap answered, as it was decided then. The first score of a request counts, once; it is on file before the swap hears of it, and a swap
 * that a kill kept from hearing hears of it at the next start. Guards hear each unit once a day and no tenant more often than all the
 * others together, see {@link Witnesses}. Thread-safe; blocks.
 */
public final class FeedbackDesk {

    private static final Duration SHARED_KNOWN = Duration.ofMinutes(10);

    private final FeedbackRepository store;
    private final SwapBook book;
    private final Supplier<GatewaySettings.Feedback> settings;
    private final InstantSource clock;
    private final OutcomeSink outcomes;
    private final Consumer<Label> labels;
    private final Witnesses witnesses = new Witnesses();
    private final Map<Shared, Boolean> shared = new HashMap<>();
    private Instant sharedSince = Instant.EPOCH;

    private record Shared(String route, String tenant) {}

    /** @param outcomes hears of every figure, for the experiments that the request may be part of */
    public FeedbackDesk(FeedbackRepository store, SwapBook book, Supplier<GatewaySettings.Feedback> settings,
            InstantSource clock, OutcomeSink outcomes) {
        this(store, book, settings, clock, outcomes, label -> {});
    }

    /** @param labels hears of every score, for the predictors */
    public FeedbackDesk(FeedbackRepository store, SwapBook book, Supplier<GatewaySettings.Feedback> settings,
            InstantSource clock, OutcomeSink outcomes, Consumer<Label> labels) {
        this.store = store;
        this.book = book;
        this.settings = settings;
        this.clock = clock;
        this.outcomes = outcomes;
        this.labels = labels;
        book.all().forEach(this::catchUp);
    }

    /** What became of one feedback. */
    public sealed interface Taken {

        String requestId();

        /**
         * It is on file.
         *
         * @param fresh whether it was not there before
         * @param model who answered
         * @param arms by swap, for whoever wants to know what it counted for; empty where the answer had no part in one
         * @param commentKept whether its words are kept, too
         */
        record Recorded(String requestId, boolean fresh, ModelId model, List<StoredFeedback.Part> arms,
                boolean commentKept) implements Taken {

            public Recorded {
                arms = List.copyOf(arms);
            }
        }

        /** It is not. */
        record Refused(String requestId, OpenAiError error) implements Taken {}
    }

    /**
     * Takes them in order; each by itself is taken or refused.
     *
     * @param tenant who speaks: only of answers of its own
     */
    public List<Taken> take(String tenant, List<Feedback> all) {
        List<Taken> taken = new ArrayList<>();
        List<CompletableFuture<?>> figures = new ArrayList<>();
        for (Feedback one : all) {
            taken.add(take(tenant, one, figures));
        }
        figures.forEach(CompletableFuture::join);
        return taken;
    }

    /** @param figures gets those that the experiments are still to write */
    private Taken take(String tenant, Feedback one, List<CompletableFuture<?>> figures) {
        ServedRequest served = store.served(one.requestId()).orElse(null);
        if (served == null || !served.tenant().equals(tenant)) {
            // another tenant's request is not told from one that never was
            return refused(one, 404, "request_not_found", "There is no request of yours with this id.");
        }
        ModelId model = served.answeredBy();
        if (model == null) {
            return refused(one, 409, "request_not_answered", "This request got no answer that could be spoken of.");
        }
        Instant now = clock.instant();
        GatewaySettings.Feedback rules = settings.get();
        if (served.at().plus(rules.maxAge()).isBefore(now)) {
            return refused(one, 422, "feedback_too_late", "The request came at " + served.at()
                    + "; feedback is taken for " + rules.maxAge() + ".");
        }
        List<StoredFeedback> given = rows(one, served, model, now, rules.comments());
        return keep(one, given, unit(served), figures);
    }

    /** Swaps hear of scores in the order in which these were filed, so that nobody files one in between. */
    private synchronized Taken keep(Feedback one, List<StoredFeedback> given, @Nullable String unit,
            List<CompletableFuture<?>> figures) {
        List<FeedbackRepository.Kept> kept = store.add(given);
        for (int i = 0; i < given.size(); i++) {
            StoredFeedback there = kept.get(i).feedback();
            if (there.value() != given.get(i).value()) {
                return refused(one, 409, "feedback_conflict", "There is already another " + there.name()
                        + " of this request: " + there.value() + "; the first one counts.");
            }
        }
        // a figure that was said before is told again: a kill may have come between
        given.forEach(figure -> tellExperiments(figure, figures));
        boolean fresh = kept.stream().anyMatch(FeedbackRepository.Kept::added);
        StoredFeedback first = kept.getFirst().feedback();
        if (one.score() != null) {
            first.parts().forEach(part -> tell(first, part, unit));
            labels.accept(new Label(first.route(), first.requestId(), first.model(), first.value(),
                    LabelSource.FEEDBACK, 1, first.at()));
        }
        return new Taken.Recorded(one.requestId(), fresh, first.model(), first.parts(),
                fresh && given.stream().anyMatch(figure -> figure.comment() != null));
    }

    private static List<StoredFeedback> rows(Feedback one, ServedRequest served, ModelId model, Instant now,
            boolean comments) {
        List<StoredFeedback.Part> parts = parts(served, model);
        List<StoredFeedback> rows = new ArrayList<>();
        String comment = comments ? one.comment() : null;
        if (one.score() != null) {
            rows.add(new StoredFeedback(0, now, one.requestId(), StoredFeedback.SCORE, one.score(), served.tenant(),
                    served.route(), model, served.at(), comment, parts));
        }
        one.metrics()
                .forEach((name, value) -> rows.add(new StoredFeedback(0, now, one.requestId(), name, value,
                        served.tenant(), served.route(), model, served.at(), rows.isEmpty() ? comment : null, parts)));
        return rows;
    }

    /**
     * Of which arms the answer is, by the decision's own words: the candidate's where its share served it, the incumbent's where the
     * share left it there. What a fall-back answered is neither's.
     */
    private static List<StoredFeedback.Part> parts(ServedRequest served, ModelId model) {
        List<StoredFeedback.Part> parts = new ArrayList<>();
        if (served.decision() == null) {
            return parts;
        }
        JsonNode decision = JsonMapper.shared().readTree(served.decision());
        if (!model.toString().equals(decision.at("/outcome/model").asString(""))) {
            return parts;
        }
        boolean baseline = model.toString().equals(decision.path("baseline").asString(""));
        for (JsonNode candidate : decision.path("candidates")) {
            JsonNode swap = candidate.path("swap");
            String name = candidate.path("model").asString("");
            boolean assigned = swap.path("assigned").asBoolean(false);
            Arm arm = assigned && name.equals(model.toString())
                    ? Arm.CANDIDATE
                    : !assigned && baseline ? Arm.INCUMBENT : null;
            if (swap.isObject() && arm != null) {
                parts.add(new StoredFeedback.Part(ModelId.parse(name), swap.path("segment").asString(""), arm.name(),
                        swap.path("state").asString("")));
            }
        }
        return parts;
    }

    /** Whose conversation it was, as a hash; null where the request did not say. */
    private static @Nullable String unit(ServedRequest served) {
        return served.decision() == null
                ? null
                : JsonMapper.shared().readTree(served.decision()).path("unit").asString(null);
    }

    private void tell(StoredFeedback score, StoredFeedback.Part part, @Nullable String unit) {
        var key = new SwapKey(score.route(), part.candidate(), part.segment());
        Swap swap = book.find(key); // where there is none nobody plans a swap, and feedback begins none
        if (swap != null && score.id() > swap.monitor().mark() && heard(key, part, score, unit)) {
            book.tell(key, new SwapEvent.Rated(new Rating(Arm.valueOf(part.arm()), Guard.FEEDBACK, score.value(),
                    score.answeredAt(), score.id())));
        }
    }

    /** The score is the experiments' metric {@code feedback}; other figures keep their names, where metrics can have them. */
    private void tellExperiments(StoredFeedback figure, List<CompletableFuture<?>> figures) {
        String metric = figure.name().equals(StoredFeedback.SCORE) ? "feedback" : figure.name();
        if (Metric.postable(metric)) {
            figures.add(outcomes.outcome(figure.requestId(), metric, figure.value()));
        }
    }

    private boolean heard(SwapKey key, StoredFeedback.Part part, StoredFeedback score, @Nullable String unit) {
        return witnesses.hear(key, part.arm(), score.at(), score.tenant(), unit,
                !shared(score.route(), score.tenant()));
    }

    /** Whether other tenants use the route; asked of the ledger now and then. */
    private boolean shared(String route, String tenant) {
        Instant now = clock.instant();
        if (now.isAfter(sharedSince.plus(SHARED_KNOWN))) {
            shared.clear();
            sharedSince = now;
        }
        return shared.computeIfAbsent(new Shared(route, tenant),
                one -> store.others(one.route(), one.tenant(), now.minus(Witnesses.WINDOW)));
    }

    /** What is on file and came too late for the swap's own; who was heard before is heard of first. */
    private void catchUp(Swap swap) {
        long mark = swap.monitor().mark();
        store.scoresSince(swap.key(), clock.instant().minus(Witnesses.WINDOW), mark)
                .forEach(score -> score.parts()
                        .forEach(part -> heard(swap.key(), part, score, unit(score.requestId()))));
        store.scoresAfter(swap.key(), mark)
                .forEach(score -> score.parts().forEach(part -> tell(score, part, unit(score.requestId()))));
    }

    private @Nullable String unit(String requestId) {
        return store.served(requestId).map(FeedbackDesk::unit).orElse(null);
    }

    private static Taken refused(Feedback one, int status, String code, String message) {
        return new Taken.Refused(one.requestId(), OpenAiError.refused(status, code, message));
    }

    /** The newest of one swap, newest first. */
    public List<StoredFeedback> of(SwapKey key, int limit) {
        return store.of(key, limit);
    }

    /** The newest, newest first; of all routes when {@code route} is null. */
    public List<StoredFeedback> newest(@Nullable String route, int limit) {
        return store.newest(route, limit);
    }
}
