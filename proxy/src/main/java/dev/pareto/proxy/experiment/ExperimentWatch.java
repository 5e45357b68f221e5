package dev.pareto.proxy.experiment;

import dev.pareto.policies.experiment.Exposure;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.swap.AnswerForm;
import dev.pareto.proxy.upstream.Plan;

import org.jspecify.annotations.Nullable;

/**
 * Tells the form of answers to requests in experiments; what they cost and took is in the ledger already. Called at the end of an answer,
 * never blocks.
 */
public final class ExperimentWatch {

    private final OutcomeLog log;

    public ExperimentWatch(OutcomeLog log) {
        this.log = log;
    }

    /** Whether the answer's text is needed to tell its form. */
    public boolean wantsText(Plan plan) {
        return plan.metered().exposure() != null && plan.request().endpoint().generates();
    }

    /** An answer came whole. */
    public void whole(Plan plan, int status, byte[] body) {
        if (status == 200 && wantsText(plan)) {
            tell(plan.metered(), AnswerForm.malformed(plan.request(), body));
        }
    }

    /** @param text of a stream that ended; null when it was not kept or too much */
    public void streamed(Plan plan, boolean broken, byte @Nullable [] text) {
        if (!broken && wantsText(plan)) {
            tell(plan.metered(), AnswerForm.malformedStream(plan.request(), text));
        }
    }

    private void tell(MeteredRequest metered, @Nullable Boolean malformed) {
        if (malformed != null) {
            log.formed(metered.requestId().toString(), malformed);
        }
    }

    /** What keeps the cached answers of an arm from those of others. */
    public static String cacheScope(Plan plan) {
        Exposure exposure = plan.metered().exposure();
        return plan.metered().route()
                + (exposure == null || exposure.before()
                        ? ""
                        : "#" + exposure.experiment() + "#" + exposure.run() + "#" + exposure.arm());
    }
}
