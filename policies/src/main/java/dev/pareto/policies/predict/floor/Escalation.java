package dev.pareto.policies.predict.floor;

/** How much the strong model would gain, in expectation: the score by which prompts are escalated. */
public final class Escalation {

    private Escalation() {}

    /** Before anything is sent: the difference of the two calibrated probabilities. */
    public static double score(double strong, double weak) {
        return strong - weak;
    }

    /**
     * With a cheap answer at hand: what the strong model can do is seen half from the question alone and half with the answer, whose
     * verifier saw fewer features of the question.
     */
    public static double score(double strongBefore, double strongAfter, double weakAfter) {
        return (strongBefore + strongAfter) / 2 - weakAfter;
    }
}
