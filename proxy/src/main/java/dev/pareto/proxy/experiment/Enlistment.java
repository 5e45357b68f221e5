package dev.pareto.proxy.experiment;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Predicate;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.Outcome;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.Experiments;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Exposure;
import dev.pareto.policies.experiment.Who;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RequestReader;
import dev.pareto.proxy.dialect.openai.SystemPrompt;

import org.jspecify.annotations.Nullable;

/**
 * A request's place in an experiment, taken before it is decided.
 *
 * @param arm what it was assigned to
 * @param unit a hash of whose it is
 * @param ask a hash of who asked what
 */
public record Enlistment(Experiments.Current experiment, Arm arm, long unit, long ask) {

    /** @return null when the request belongs to no experiment */
    public static @Nullable Enlistment of(Experiments experiments, String route, Who who, Map<String, String> tags,
            OpenAiRequest request) {
        if (!request.endpoint().generates()) {
            return null;
        }
        for (Experiments.Current current : experiments.on(route)) {
            ExperimentPlan.Assigned assigned = current.plan().assign(who, tags, current.run());
            if (assigned != null) {
                return new Enlistment(current, assigned.arm(), assigned.unit(), Assignment.hash(
                        current.plan().name() + "/" + who.asker(),
                        new String(request.body(), StandardCharsets.ISO_8859_1)));
            }
        }
        return null;
    }

    /** What is to be applied; null while the request is only watched. */
    public @Nullable Arm treatment() {
        return experiment.before() ? null : arm;
    }

    /** The request as the arm asks it. */
    public OpenAiRequest request(OpenAiRequest original) {
        return experiment.before() || arm.system() == null || original.endpoint() != Endpoint.CHAT
                ? original
                : RequestReader.read(original.endpoint(), SystemPrompt.replaced(original.body(), arm.system()));
    }

    /**
     * @param applied whether the decision was made for the arm
     * @param available whether a model can be called now
     */
    public Exposure exposure(Decision decision, boolean applied, OpenAiRequest original,
            Predicate<ModelId> available) {
        boolean model = arm.model() == null
                || (decision.outcome() instanceof Outcome.Chosen chosen && chosen.model().equals(arm.model()));
        boolean policy = arm.policy() == null || arm.policy().equals(decision.policy());
        boolean system = arm.system() == null || original.endpoint() == Endpoint.CHAT;
        boolean down = applied && !experiment.before() && !model && decision.assessments()
                .stream()
                .anyMatch(one -> one.model().equals(arm.model()) && one.refusals().size() == 1
                        && !available.test(one.model()));
        return new Exposure(experiment.plan().name(), experiment.run(), arm.name(), experiment.before(), unit, ask,
                applied && !experiment.before() && model && policy && system, down);
    }

    /** Whether it, and not a swap's share, decides which model answers. */
    public boolean steers() {
        return !experiment.before() && (arm.model() != null || arm.policy() != null);
    }
}
