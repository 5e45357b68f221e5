package dev.pareto.proxy.cascade;

import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.CascadeStep;
import dev.pareto.proxy.dialect.openai.Json;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What goes on record of a cascade: a member {@code cascade} of the decision. Holds no content. */
public final class CascadeRecord {

    private final @Nullable String decision;
    private final CascadeStep.Ask ask;

    /** @param decision as written when the request was decided; null where none is written */
    CascadeRecord(@Nullable String decision, CascadeStep.Ask ask) {
        this.decision = decision;
        this.ask = ask;
    }

    /** What is known before the first model is asked, or why it is not. */
    public static ObjectNode before(CascadeStep step) {
        ObjectNode view = Json.mapper().createObjectNode();
        switch (step) {
            case CascadeStep.Stand stand -> view.put("asked", false).put("why", stand.why());
            case CascadeStep.Ask ask -> {
                view.put("asked", true)
                        .put("first", ask.plan().first().toString())
                        .put("escalate_to", ask.escalation().getFirst().toString())
                        .put("gate", switch (ask.plan().gate()) {
                            case CascadePlan.Gate.Whole whole -> "whole";
                            case CascadePlan.Gate.FirstTokens tokens -> "first-tokens " + tokens.tokens();
                        })
                        .put("accept_rate", ask.rate().accepted())
                        .put("accept_observations", ask.rate().observations())
                        .put("first_cost", ask.firstCost() == null ? null : ask.firstCost().plain())
                        .put("strong_cost", ask.strongCost() == null ? null : ask.strongCost().plain())
                        .put("exploring", ask.exploring());
            }
        }
        return view;
    }

    /**
     * The decision with what became of the first answer.
     *
     * @param escalatedTo the model asked next; null for none
     */
    @Nullable
    String of(String outcome, Evaluation evaluation, long millis, @Nullable ModelId escalatedTo) {
        if (decision == null) {
            return null;
        }
        ObjectNode tree = (ObjectNode) Json.mapper().readTree(decision);
        ObjectNode view = before(ask);
        view.put("outcome", outcome)
                .put("why", evaluation.words())
                .put("escalated", escalatedTo != null)
                .put("judged_after_ms", millis);
        ArrayNode tests = view.putArray("tests");
        for (Evaluation.Test test : evaluation.tests()) {
            ObjectNode one = tests.addObject();
            one.put("test", test.kind()).put("outcome", test.outcome().name()).put("detail", test.detail());
            if (test.score() != null) {
                one.put("score", test.score()).put("threshold", test.threshold());
            }
        }
        tree.set("cascade", view);
        return Json.mapper().writeValueAsString(tree);
    }
}
