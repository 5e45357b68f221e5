package dev.pareto.proxy.swap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Replacement;
import dev.pareto.policies.decide.Stake;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.guard.Arm;
import dev.pareto.policies.swap.guard.Observation;
import dev.pareto.proxy.dialect.openai.Observed;
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

    /** One request, of which the first end that is told counts. Thread-safe. */
    public final class Watched {

        private final Enrolment enrolment;
        private final Plan plan;
        private final long startedNanos;
        /** A caller may leave while the answer ends on another thread. */
        private final AtomicBoolean told = new AtomicBoolean();

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
            if (!answeredBy.equals(enrolment.chosen()) || failure(status)) {
                tell(true, null, null, null);
            } else if (status == 200) {
                boolean wanted = wantsText();
                tell(false, wanted ? AnswerForm.malformed(plan.request(), body) : null, truncated(Observed.of(body)),
                        wanted ? AnswerForm.words(body) : null);
            } // else the caller asked for what no model gives; it says nothing of either
        }

        private boolean failure(int status) {
            // callers' own keys go to no candidate: what it does not know or let in is its own fault
            boolean candidates = !Objects.equals(enrolment.chosen(), enrolment.baseline());
            return status >= 500 || status == 408 || status == 429
                    || (candidates && (status == 401 || status == 403 || status == 404));
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

        /** The caller left before the end. A model that is too slow shows in nothing else where callers lose patience. */
        public void left() {
            if (enrolment.stakes().isEmpty() || !told.compareAndSet(false, true)) {
                return;
            }
            Duration waited = Duration.ofNanos(nanoTime.getAsLong() - startedNanos);
            for (Part part : assigned()) {
                Replacement replacement = book.replacement(part.stake().key());
                Duration limit = replacement == null ? null : replacement.plan().guards().latencyLimit();
                see(part, null, null, null, limit != null && waited.compareTo(limit) > 0 ? waited : null);
            }
        }

        /** @param words of the model that was to answer; null where it did not, or they were not kept */
        private void tell(boolean failed, @Nullable Boolean malformed, @Nullable Boolean truncated,
                @Nullable String words) {
            if (!told.compareAndSet(false, true)) {
                return;
            }
            Duration took = Duration.ofNanos(nanoTime.getAsLong() - startedNanos);
            for (Part part : assigned()) {
                see(part, failed, malformed, truncated, took);
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

        private void see(Part part, @Nullable Boolean failed, @Nullable Boolean malformed, @Nullable Boolean truncated,
                @Nullable Duration took) {
            Stake stake = part.stake();
            // who was assigned by another share than the present one does not belong to its count
            boolean first = !enrolment.steered() && book.stands(stake.key(), stake.state(), stake.share())
                    && units.firstSeen(stake.key(), stake.state(), stake.share(), enrolment.unit());
            book.tell(stake.key(), new SwapEvent.Seen(part.down()
                    ? new Observation(part.arm(), first, true, null, null, took)
                    : new Observation(part.arm(), first, failed, malformed, truncated, took)));
        }

        /** @param down whether the candidate could not even be asked */
        private record Part(Stake stake, Arm arm, boolean down) {}

        /** Both arms only hold whom the share or an experiment decides about: not whom the policy sent elsewhere, nor who chose. */
        private List<Part> assigned() {
            List<Part> parts = new ArrayList<>();
            ModelId chosen = enrolment.chosen();
            for (Stake stake : enrolment.stakes()) {
                if (stake.assigned() && stake.key().candidate().equals(chosen)) {
                    parts.add(new Part(stake, Arm.CANDIDATE, false));
                } else if (stake.assigned() && stake.down() && chosen != null) {
                    parts.add(new Part(stake, Arm.CANDIDATE, true));
                } else if ((!stake.assigned() || enrolment.steered()) && chosen != null
                        && chosen.equals(enrolment.baseline())) {
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
