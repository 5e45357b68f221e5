package dev.pareto.evals.run;

import java.util.List;
import java.util.Map;

import dev.pareto.policies.catalog.ModelId;

/** Asks a model one thing. Implementations are thread-safe, bound their own waiting, and neither retry nor cache. */
@FunctionalInterface
public interface ModelClient {

    /**
     * Puts {@code messages} (OpenAI dialect) to the model and waits for the whole answer.
     *
     * @param sampling e.g. temperature and max_tokens
     * @throws ModelCallException when there is no answer to grade
     */
    Answer ask(ModelId model, List<Map<String, Object>> messages, Map<String, Object> sampling)
            throws ModelCallException, InterruptedException;
}
