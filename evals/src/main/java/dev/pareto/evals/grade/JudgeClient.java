package dev.pareto.evals.grade;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/** Asks a judge. Implementations are thread-safe, bound their own waiting, and decide on retries and reuse. */
@FunctionalInterface
public interface JudgeClient {

    /**
     * Puts {@code messages} (OpenAI dialect) to the judge and waits for the whole answer.
     *
     * @throws JudgeException when there is no answer
     */
    Reply ask(ModelId judge, List<Map<String, Object>> messages, Map<String, Object> sampling)
            throws JudgeException, InterruptedException;

    /**
     * What a judge wrote.
     *
     * @param text the whole answer
     * @param latency how long it took
     * @param cost null when unknown
     */
    record Reply(String text, Duration latency, @Nullable Money cost) {

        /** Checks what must be there. */
        public Reply {
            requireNonNull(text, "text is null");
            requireNonNull(latency, "latency is null");
        }
    }

    /** There was no answer, for a reason that is not the judged model's. */
    final class JudgeException extends Exception {

        /** @param message what happened, for people */
        public JudgeException(String message) {
            super(message, null, false, false);
        }
    }
}
