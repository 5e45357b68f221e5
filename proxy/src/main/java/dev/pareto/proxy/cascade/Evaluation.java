package dev.pareto.proxy.cascade;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the tests say of a first answer.
 *
 * @param tests in their order
 * @param accepted whether the caller may get it
 * @param keepable whether the caller may get it where nothing better is to be had: its form is right and its verifier let it pass
 * @param why which kind of test decided; one of a few words, for meters
 * @param words the same with its reason, for people
 */
record Evaluation(List<Test> tests, boolean accepted, boolean keepable, String why, String words) {

    Evaluation {
        tests = List.copyOf(tests);
    }

    enum Outcome {
        PASSED, FAILED,
        /** It could not be made, e.g. for want of log-probabilities. */
        MISSING,
        /** For the record: another test has taken it into account. */
        NOTED
    }

    /**
     * One test.
     *
     * @param kind e.g. {@code form}
     * @param detail for people; null when there is nothing to say
     * @param score of a verifier; null for other tests, as is the next
     * @param threshold that the score was held against
     */
    record Test(String kind, Outcome outcome, @Nullable String detail, @Nullable Double score,
            @Nullable Double threshold) {

        static Test of(String kind, @Nullable String failure) {
            return new Test(kind, failure == null ? Outcome.PASSED : Outcome.FAILED, failure, null, null);
        }

        static Test missing(String kind, String detail) {
            return new Test(kind, Outcome.MISSING, detail, null, null);
        }
    }

    /** The first model gave no answer that could be judged. */
    static Evaluation none(String why, String words) {
        return new Evaluation(List.of(), false, false, why, words);
    }
}
