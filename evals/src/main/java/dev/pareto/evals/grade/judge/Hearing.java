package dev.pareto.evals.grade.judge;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.Texts;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * Puts one question to one judge and reads its word. A reply that cannot be read is asked for once more, in the
 * required form; after that the vote is empty, never a tie.
 */
final class Hearing {

    private static final int MAX_CHARS = 200_000;
    private static final String REMINDER = "Your reply could not be read. Answer with the JSON line alone.";

    private final Judge judge;
    private final @Nullable JudgeClient client;
    private final Submission submission;

    Hearing(Judge judge, @Nullable JudgeClient client, Submission submission) {
        this.judge = judge;
        this.client = client;
        this.submission = submission;
    }

    /** A vote, or the reason why there is none. */
    record Word(Judgement judgement, @Nullable Double score, String reason) {}

    /** Why this judge must not judge this answer; null when it may. */
    @Nullable
    String objection() {
        if (client == null) {
            return "no judge is connected";
        }
        String author = submission.author();
        if (author != null && Families.kin(judge.model().toString(), author)) {
            return "judge " + judge.model() + " and " + author + " are of one family";
        }
        return submission.text().length() > MAX_CHARS ? "the answer is too long for a judge" : null;
    }

    /**
     * Asks.
     *
     * @param reading makes a score of a reply; null where it cannot
     */
    Word ask(String system, String user, Judgement.Place place, Function<String, @Nullable Double> reading) {
        List<Map<String, Object>> messages = new ArrayList<>();
        messages.add(Map.of("role", "system", "content", system));
        messages.add(Map.of("role", "user", "content", user));
        Duration latency = Duration.ZERO;
        Money cost = null;
        Double score = null;
        String reason = "the judge's reply could not be read";
        try {
            for (int attempt = 0; attempt < 2 && score == null; attempt++) {
                JudgeClient.Reply reply = requireNonNull(client, "client is null").ask(judge.model(),
                        List.copyOf(messages), judge.sampling());
                latency = latency.plus(reply.latency());
                Money more = reply.cost();
                cost = attempt == 0 ? more : cost == null || more == null ? null : cost.plus(more);
                score = reading.apply(reply.text());
                reason = score == null ? reason + ": " + Texts.shown(reply.text()) : reply.text();
                messages.add(Map.of("role", "assistant", "content", reply.text()));
                messages.add(Map.of("role", "user", "content", REMINDER));
            }
        } catch (JudgeClient.JudgeException e) {
            score = null;
            reason = "the judge did not answer: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            score = null;
            reason = "interrupted while the judge was asked";
        }
        return new Word(new Judgement(List.of(new Judgement.Vote(judge.model(), place, score)), latency, cost,
                submission.text().length()), score, reason);
    }
}
