package dev.pareto.proxy.cascade;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.cascade.LearntVerifier;
import dev.pareto.policies.cascade.LogprobBounds;
import dev.pareto.policies.predict.accuracy.Agreement;
import dev.pareto.policies.predict.accuracy.Answer;
import dev.pareto.proxy.cascade.Evaluation.Outcome;
import dev.pareto.proxy.cascade.Evaluation.Test;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.ReadAnswer;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Judges the answers of one request's first model. A test that the configuration asks for and that cannot be made counts as failed, unless
 * another one looks deeper: a verifier stands in for log-probabilities that did not come and for answers that cannot be compared.
 */
final class Acceptance {

    /** The kind of test that fails where a verifier is not there to judge. */
    static final String LABELS = "labels";

    private final CascadePlan plan;
    private final Question question;
    private final VerifierBook verifiers;

    Acceptance(CascadePlan plan, OpenAiRequest request, VerifierBook verifiers) {
        this.plan = plan;
        this.question = Question.of(request);
        this.verifiers = verifiers;
    }

    /** The first tokens of a stream that goes on; anything but their doubt lets it go on. */
    Evaluation beginning(ReadAnswer first) {
        List<Test> tests = new ArrayList<>();
        tests.add(Test.of("form", first.refusal() != null || Refusals.begins(first.text())
                ? "a refusal"
                : first.text().isEmpty() && first.calls().isEmpty() ? "empty" : null));
        logprobs(first, tests);
        return failed(tests) == null ? accepted(tests, false) : doubted(tests, false);
    }

    /** What one answer shows by itself without much ado; null when that says nothing against it. */
    @Nullable
    Evaluation atOnce(ReadAnswer first) {
        List<Test> tests = tests(first);
        return failed(tests) == null ? null : judge(tests, first, null);
    }

    /**
     * Of a whole answer.
     *
     * @param second null where none was asked for, or none came
     */
    Evaluation whole(ReadAnswer first, @Nullable ReadAnswer second) {
        List<Test> tests = tests(first);
        if (plan.second() != null && second == null) {
            tests.add(Test.of("agreement", "no second opinion came"));
        }
        return judge(tests, first, second);
    }

    private List<Test> tests(ReadAnswer first) {
        List<Test> tests = new ArrayList<>();
        tests.add(Test.of("form", question.wrongForm(first)));
        logprobs(first, tests);
        return tests;
    }

    private Evaluation judge(List<Test> tests, ReadAnswer first, @Nullable ReadAnswer second) {
        boolean form = tests.getFirst().outcome() == Outcome.PASSED;
        boolean verified = false;
        LearntVerifier learnt = form && plan.verifier() != null ? learnt(tests) : null;
        if (learnt != null && learnt.readsTwo() && second == null) {
            tests.add(Test.of("verifier", "it compares two answers"));
        } else if (learnt != null) {
            verified = verify(learnt, first, second, tests);
        }
        if (second != null) {
            tests.add(agreement(first, second, learnt != null && learnt.readsTwo()));
        }
        return failed(tests) == null ? accepted(tests, verified) : doubted(tests, verified);
    }

    private void logprobs(ReadAnswer first, List<Test> tests) {
        LogprobBounds bounds = plan.logprobs();
        if (bounds == null) {
            return;
        }
        double[] told = first.logprobs();
        if (told == null) {
            boolean alone = plan.second() == null && plan.verifier() == null;
            tests.add(alone
                    ? Test.of("log-probability", "none came")
                    : Test.missing("log-probability", "none came"));
        } else {
            tests.add(Test.of("log-probability", bounds.missed(told)));
        }
    }

    private @Nullable LearntVerifier learnt(List<Test> tests) {
        return switch (verifiers.of(plan)) {
            case VerifierBook.Ready ready -> ready.verifier();
            case VerifierBook.Learning learning -> {
                tests.add(Test.of(LABELS, "the verifier is still being learnt"));
                yield null;
            }
            case VerifierBook.TooFewLabels few -> {
                tests.add(Test.of(LABELS, few.labels() + ", and " + few.missing() + " more are needed"));
                yield null;
            }
            case VerifierBook.Unusable unusable -> {
                tests.add(Test.of(LABELS, "they cannot be used"));
                yield null;
            }
        };
    }

    private boolean verify(LearntVerifier learnt, ReadAnswer first, @Nullable ReadAnswer second, List<Test> tests) {
        LearntVerifier.Judgement said = learnt.judge(question.text(), null, answer(first),
                second == null ? null : answer(second));
        tests.add(new Test("verifier", said.passed() ? Outcome.PASSED : Outcome.FAILED,
                String.format(Locale.ROOT, "%.3f against %.3f", said.score(), said.threshold()), said.score(),
                Double.isFinite(said.threshold()) ? said.threshold() : null));
        return said.passed();
    }

    /** @param compared whether the verifier has compared them already, so that this only goes on record */
    private Test agreement(ReadAnswer first, ReadAnswer second, boolean compared) {
        Boolean same = same(first, second);
        if (same == null) {
            return plan.verifier() != null
                    ? Test.missing("agreement", "not to be compared")
                    : Test.of("agreement", "the two answers cannot be compared");
        }
        if (compared) {
            return new Test("agreement", Outcome.NOTED, same ? "agrees" : "disagrees", null, null);
        }
        return Test.of("agreement", same ? null : "the second opinion disagrees");
    }

    private static @Nullable Boolean same(ReadAnswer first, ReadAnswer second) {
        if (!first.calls().isEmpty() || !second.calls().isEmpty()) {
            return first.calls().size() == second.calls().size() && sameCalls(first, second);
        }
        JsonNode one = container(first.text());
        JsonNode other = container(second.text());
        if (one != null && other != null && !(one.has("answer") && other.has("answer"))) {
            return one.equals(other);
        }
        return Agreement.of(first.text(), second.text());
    }

    private static boolean sameCalls(ReadAnswer first, ReadAnswer second) {
        for (int i = 0; i < first.calls().size(); i++) {
            ReadAnswer.Call one = first.calls().get(i);
            ReadAnswer.Call other = second.calls().get(i);
            JsonNode arguments = container(one.arguments());
            if (!one.name().equals(other.name()) || arguments == null
                    || !arguments.equals(container(other.arguments()))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable JsonNode container(String text) {
        try {
            JsonNode tree = Json.mapper().readTree(text);
            return tree.isContainer() ? tree : null;
        } catch (JacksonException none) {
            return null;
        }
    }

    private static Answer answer(ReadAnswer read) {
        double[] logprobs = read.logprobs();
        return logprobs == null ? Answer.of(read.text()) : new Answer(read.text(), logprobs);
    }

    private static @Nullable Test failed(List<Test> tests) {
        return tests.stream().filter(test -> test.outcome() == Outcome.FAILED).findFirst().orElse(null);
    }

    private static Evaluation accepted(List<Test> tests, boolean verified) {
        Test last = tests.stream()
                .filter(test -> test.outcome() == Outcome.PASSED)
                .reduce((one, other) -> other)
                .orElse(tests.getLast());
        return new Evaluation(tests, true, verified, last.kind(),
                last.kind() + (last.detail() == null ? "" : " " + last.detail()));
    }

    private static Evaluation doubted(List<Test> tests, boolean keepable) {
        Test failed = tests.stream().filter(test -> test.outcome() == Outcome.FAILED).findFirst().orElseThrow();
        return new Evaluation(tests, false, keepable, failed.kind(), failed.kind() + ": " + failed.detail());
    }
}
