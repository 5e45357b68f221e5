package dev.pareto.proxy.swap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Stake;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.guard.Arm;
import dev.pareto.policies.swap.guard.Observation;
import dev.pareto.proxy.dialect.openai.Observed;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.upstream.Plan;

import org.jspecify.annotations.Nullable;

/**
 * Follows requests that have a part in a swap to their end, and tells the swap how it was; then has them copied where a candidate is in
 * shadow. A request that its candidate failed is the candidate's failure, whoever answered it in the end. Thread-safe.
 */
public final class SwapWatch {

    private final SwapBook book;
    private final ShadowMirror mirror;
    private final LiveJudge judge;
    private final InputWatch inputs;
    private final LongSupplier nanoTime;
    private final Units units = new Units();

    public SwapWatch(SwapBook book, ShadowMirror mirror, LiveJudge judge, InputWatch inputs, LongSupplier nanoTime) {
        this.book = book;
        this.mirror = mirror;
        this.judge = judge;
        this.inputs = inputs;
        this.nanoTime = nanoTime;
    }

    /** @param startedNanos when the request was there */
    public Watched begin(Enrolment enrolment, Plan plan, long startedNanos) {
        return new Watched(enrolment, plan, startedNanos);
    }

    /** One request. Each of its ends is told at most once; not for many threads at once. */
    public final class Watched {

        private final Enrolment enrolment;
        private final Plan plan;
        private final long startedNanos;
        private boolean told;

        private Watched(Enrolment enrolment, Plan plan, long startedNanos) {
            this.enrolment = enrolment;
            this.plan = plan;
            this.startedNanos = startedNanos;
        }

        /** Whether the answer's text is needed, to tell its form or to be judged. */
        public boolean wantsText() {
            return assigned().stream().anyMatch(part -> part.arm() == Arm.CANDIDATE || judged(part))
                    || enrolment.stakes().stream().anyMatch(this::pairJudged);
        }

        private boolean judged(Part part) {
            return !enrolment.localOnly() && part.stake().share() > 0
                    && judge.wants(part.stake().key(), plan, false);
        }

        private boolean pairJudged(Stake stake) {
            return !enrolment.localOnly() && stake.shadow() && stake.state() == SwapState.SHADOW
                    && judge.wants(stake.key(), plan, true);
        }

        /** An answer came whole. */
        public void whole(ModelId answeredBy, int status, byte[] body) {
            if (enrolment.stakes().isEmpty()) {
                return;
            }
            OpenAiRequest request = plan.request();
            if (status == 200) {
                boolean own = answeredBy.equals(enrolment.chosen());
                boolean formed = own && wantsText();
                tell(!own, formed ? AnswerForm.malformed(request, body) : null,
                        own ? truncated(Observed.of(body)) : null,
                        formed ? AnswerForm.words(body) : null);
            } else if (status >= 500 || status == 408 || status == 429) {
                tell(true, null, null, null);
            } // else the caller asked for what no model gives; it says nothing of either
        }

        /**
         * A stream ended.
         *
         * @param broken whether it broke off or told an error
         * @param text its bytes; null when they were not kept or too many
         */
        public void streamed(ModelId answeredBy, boolean broken, Observed seen, byte @Nullable [] text) {
            if (enrolment.stakes().isEmpty()) {
                return;
            }
            boolean own = answeredBy.equals(enrolment.chosen()) && !broken;
            boolean formed = own && wantsText();
            tell(!own, formed ? AnswerForm.malformedStream(plan.request(), text) : null,
                    own ? truncated(seen) : null, formed ? AnswerForm.streamedWords(text) : null);
        }

        /** No model answered. */
        public void failed() {
            tell(true, null, null, null);
        }

        /** @param words of the model that was to answer; null where it did not, or they were not kept */
        private void tell(boolean failed, @Nullable Boolean malformed, @Nullable Boolean truncated,
                @Nullable String words) {
            if (told) {
                return;
            }
            told = true;
            Duration took = Duration.ofNanos(nanoTime.getAsLong() - startedNanos);
            for (Part part : assigned()) {
                boolean first = units.firstSeen(part.stake().key(), part.stake().state(), part.stake().share(),
                        enrolment.unit());
                book.tell(part.stake().key(), new SwapEvent.Seen(part.down()
                        ? new Observation(part.arm(), first, true, null, null, took)
                        : new Observation(part.arm(), first, failed, malformed, truncated, took)));
            }
            ModelId chosen = enrolment.chosen();
            LiveJudge.Answer own = chosen == null || words == null ? null : new LiveJudge.Answer(chosen, words);
            for (Stake stake : enrolment.stakes()) {
                if (stake.shadow() && stake.state() == SwapState.SHADOW) {
                    boolean pair = own != null && own.author().equals(enrolment.baseline()) && pairJudged(stake);
                    mirror.mayCopy(plan, stake, pair ? own : null);
                }
            }
            if (own != null && enrolment.baseline() != null) {
                assigned().stream()
                        .filter(this::judged)
                        .forEach(part -> judge.single(plan, part.stake().key(), part.arm(), own,
                                enrolment.baseline()));
            }
            watchInputs();
        }

        /** All requests that the share decides about, whichever model answers them. */
        private void watchInputs() {
            List<SwapKey> keys = enrolment.stakes()
                    .stream()
                    .filter(stake -> stake.share() > 0 || stake.state() == SwapState.SHADOW)
                    .map(Stake::key)
                    .toList();
            if (enrolment.chosen() != null && !keys.isEmpty()) {
                inputs.offer(plan, keys);
            }
        }

        /** @param down whether the candidate could not even be asked */
        private record Part(Stake stake, Arm arm, boolean down) {}

        /** Both arms only hold whom the share decides about: not those whom the policy sent elsewhere, nor those who chose. */
        private List<Part> assigned() {
            List<Part> parts = new ArrayList<>();
            ModelId chosen = enrolment.chosen();
            for (Stake stake : enrolment.stakes()) {
                if (stake.assigned() && stake.key().candidate().equals(chosen)) {
                    parts.add(new Part(stake, Arm.CANDIDATE, false));
                } else if (stake.assigned() && stake.down() && chosen != null) {
                    parts.add(new Part(stake, Arm.CANDIDATE, true));
                } else if (!stake.assigned() && chosen != null && chosen.equals(enrolment.baseline())) {
                    parts.add(new Part(stake, Arm.INCUMBENT, false));
                }
            }
            return parts;
        }

        private static @Nullable Boolean truncated(Observed seen) {
            return seen.finishReason() == null ? null : seen.finishReason().equals("length");
        }
    }
}
