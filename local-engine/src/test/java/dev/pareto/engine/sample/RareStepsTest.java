package dev.pareto.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.Sampling;

/** Top-n-sigma, typical, XTC, DRY and mirostat against numbers worked out by hand. */
final class RareStepsTest {

    private static final Sampling WARM = Sampling.atTemperature(1);

    @Test
    void typicalKeepsWhatIsNearestToTheExpectedSurprise() {
        // Entropy of 0.5, 0.25, 0.15, 0.1 is 1.2080 nats; surprises are 0.693, 1.386, 1.897, 2.303, so the order of
        // nearness is 0.25 (0.178), 0.5 (0.515), 0.15 (0.689), 0.1 (1.095).
        float[] logits = logs(0.5, 0.25, 0.15, 0.1);
        assertThat(support(WARM.withTypicalP(0.2), logits)).containsExactlyInAnyOrder(1);
        assertThat(support(WARM.withTypicalP(0.3), logits)).containsExactlyInAnyOrder(1, 0);
        assertThat(support(WARM.withTypicalP(0.7), logits)).containsExactlyInAnyOrder(1, 0);
        assertThat(support(WARM.withTypicalP(0.8), logits)).containsExactlyInAnyOrder(1, 0, 2);
        assertThat(support(WARM.withTypicalP(0), logits)).containsExactlyInAnyOrder(1);
        assertThat(support(WARM.withTypicalP(1), logits)).hasSize(4);
    }

    @Test
    void topNSigmaKeepsWhatIsWithinSoManyDeviations() {
        // Logits 0, 2, 4, 6: mean 3, deviation sqrt(5) = 2.236.
        float[] logits = {0, 2, 4, 6};
        assertThat(support(WARM.withTopNSigma(0.5), logits)).containsExactlyInAnyOrder(3);
        assertThat(support(WARM.withTopNSigma(1), logits)).containsExactlyInAnyOrder(3, 2);
        assertThat(support(WARM.withTopNSigma(2), logits)).containsExactlyInAnyOrder(3, 2, 1);
        assertThat(support(WARM.withTopNSigma(3), logits)).hasSize(4);
        float[] masked = {0, 2, Float.NEGATIVE_INFINITY, 4, 6};
        assertThat(support(WARM.withTopNSigma(1), masked)).as("masked tokens do not count")
                .containsExactlyInAnyOrder(4, 3);
    }

    @Test
    void xtcDropsTheTopChoicesButTheLeastLikelyOfThem() {
        float[] logits = logs(0.4, 0.3, 0.2, 0.1);
        var always = WARM.withXtc(new Sampling.Xtc(1, 0.15));
        assertThat(support(always, logits)).containsExactlyInAnyOrder(2, 3);
        assertThat(support(WARM.withXtc(new Sampling.Xtc(1, 0.35)), logits)).as("only one reaches the threshold")
                .hasSize(4);
        assertThat(support(WARM.withXtc(new Sampling.Xtc(0, 0.15)), logits)).hasSize(4);
        assertThat(share(WARM.withXtc(new Sampling.Xtc(0.5, 0.15)), logits, 0)).isCloseTo(0.5 * 0.4, within(0.02));
    }

    @Test
    void cutsLeaveAtLeastSoManyTokens() {
        float[] logits = logs(0.4, 0.3, 0.2, 0.1);
        var narrow = new Sampling(1, 0, 0.1, 0, 1, 0, 0, 0, null, Map.of());
        assertThat(support(narrow, logits)).containsExactlyInAnyOrder(0);
        assertThat(support(narrow.withMinKeep(3), logits)).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(support(narrow.withMinKeep(9), logits)).hasSize(4);
        var sharp = new Sampling(1, 0, 1, 0.9, 1, 0, 0, 0, null, Map.of());
        assertThat(support(sharp, logits)).containsExactlyInAnyOrder(0);
        assertThat(support(sharp.withMinKeep(2), logits)).containsExactlyInAnyOrder(0, 1);
        assertThat(support(WARM.withTypicalP(0.2).withMinKeep(2), logs(0.5, 0.25, 0.15, 0.1)))
                .containsExactlyInAnyOrder(1, 0);
        var always = WARM.withXtc(new Sampling.Xtc(1, 0.15));
        assertThat(support(always.withMinKeep(2), logits)).containsExactlyInAnyOrder(2, 3);
        assertThat(support(always.withMinKeep(3), logits)).as("too few would stay").hasSize(4);
        assertThat(support(new Sampling(1, 2, 1, 0, 1, 0, 0, 0, null, Map.of()).withMinKeep(3), logits))
                .as("top-k is no cut by share")
                .hasSize(2);
    }

    @Test
    void theStepsRunInOrder() {
        // Top-k leaves 0.4, 0.3, 0.2, renormalised 4/9, 3/9, 2/9; top-p 0.7 then leaves 4/9 and 3/9 (0.4 + 0.3 of 1
        // would not reach it); XTC sees 4/7 and 3/7 and leaves the second.
        float[] logits = logs(0.4, 0.3, 0.2, 0.1);
        var all = new Sampling(1, 3, 0.7, 0, 1, 0, 0, 0, null, Map.of()).withXtc(new Sampling.Xtc(1, 0.42));
        assertThat(support(all, logits)).containsExactlyInAnyOrder(1);
        // Min-p 0.6 is measured against the best of what typical left: 0.25 alone is the best there.
        var typical = new Sampling(1, 0, 1, 0.6, 1, 0, 0, 0, null, Map.of()).withTypicalP(0.2);
        assertThat(support(typical, logs(0.5, 0.25, 0.15, 0.1))).containsExactlyInAnyOrder(1);
    }

    @Test
    void theLongWayDrawsAsTheShortOne() {
        var random = new SplittableRandom(5);
        for (int round = 0; round < 200; round++) {
            float[] logits = new float[1 + random.nextInt(60)];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) (random.nextGaussian() * 3);
            }
            int topK = random.nextInt(10);
            double topP = random.nextBoolean() ? 1 : random.nextDouble();
            double minP = random.nextBoolean() ? 0 : random.nextDouble() / 4;
            var plain = new Sampling(50, topK, topP, minP, 1, 0, 0, 0, null, Map.of());
            assertThat(support(plain.withXtc(new Sampling.Xtc(0, 0.1)), logits)).as(plain.toString())
                    .isEqualTo(support(plain, logits));
            assertThat(support(plain.withMinKeep(2), logits)).as(plain.toString())
                    .containsAll(support(plain, logits));
        }
    }

    @Test
    void dryPenalisesWhatWouldGoOnWithARepetition() {
        // "1 2 3 4 … 1 2 3": after the last three tokens came a 4, so 4 repeats three: 2 * 1.5^(3 - 2) = 3.
        var dry = new Sampling.Dry(2, 1.5, 2, -1, List.of());
        assertThat(penalised(dry, new int[]{1, 2, 3, 4, 9, 1, 2, 3})).containsExactly(0, 0, 0, 0, -3, 0, 0, 0, 0, 0);
        // One token less is free: 2 * 1.5^0 = 2; two less is below the allowed length.
        assertThat(penalised(dry, new int[]{7, 2, 3, 4, 9, 1, 2, 3})).containsExactly(0, 0, 0, 0, -2, 0, 0, 0, 0, 0);
        assertThat(penalised(dry, new int[]{7, 7, 3, 4, 9, 1, 2, 3})).containsOnly(0);
    }

    @Test
    void dryTakesTheLongestOfSeveralRepetitionsAndOverlaps() {
        var dry = new Sampling.Dry(1, 2, 1, -1, List.of());
        // "2 3" came before 5 and "1 2 3" before 4.
        assertThat(penalised(dry, new int[]{1, 2, 3, 4, 2, 3, 5, 1, 2, 3}))
                .containsExactly(0, 0, 0, 0, -4, -2, 0, 0, 0, 0);
        // "6 6 6": distances 1 and 2 match 2 and 1 tokens, both followed by a 6.
        assertThat(penalised(dry, new int[]{6, 6, 6})).containsExactly(0, 0, 0, 0, 0, 0, -2, 0, 0, 0);
    }

    @Test
    void dryFollowsNoRepetitionOverABreakerNorPenalisesOne() {
        // Token 8 is "x:": of 8 2 3 only the 2 3 behind it count.
        var dry = new Sampling.Dry(1, 2, 1, -1, List.of(":"));
        assertThat(penalised(dry, new int[]{8, 2, 3, 4, 8, 2, 3})).containsExactly(0, 0, 0, 0, -2, 0, 0, 0, 0, 0);
        assertThat(penalised(dry, new int[]{2, 3, 8, 2, 3})).as("8 would go on but is a breaker").containsOnly(0);
        assertThat(penalised(dry, new int[]{2, 3, 2, 8})).containsOnly(0);
    }

    @Test
    void dryLooksThroughItsWindowOnlyAndStaysFinite() {
        var tokens = new int[]{1, 2, 3, 4, 1, 2, 3};
        assertThat(penalised(new Sampling.Dry(1, 2, 2, 7, List.of()), tokens)[4]).isEqualTo(-2);
        assertThat(penalised(new Sampling.Dry(1, 2, 2, 6, List.of()), tokens)[4]).isEqualTo(-1);
        assertThat(penalised(new Sampling.Dry(1, 2, 2, 4, List.of()), tokens)).containsOnly(0);
        var same = new int[4000];
        assertThat(penalised(new Sampling.Dry(100, 10, 1, -1, List.of()), same)[0]).isFinite().isLessThan(-1e20f);
    }

    @Test
    void dryFindsWhatALookAtEveryPairFinds() {
        var random = new SplittableRandom(8);
        for (int round = 0; round < 500; round++) {
            int[] tokens = random.ints(random.nextInt(1, 40), 0, 4).toArray();
            var expected = new float[10];
            for (int end = 0; end < tokens.length - 1; end++) {
                int length = 0;
                while (length <= end && tokens[end - length] == tokens[tokens.length - 1 - length]) {
                    length++;
                }
                int next = tokens[end + 1];
                expected[next] = length >= 2
                        ? Math.min(expected[next], -(float) Math.pow(1.5, length - 2))
                        : expected[next];
            }
            assertThat(penalised(new Sampling.Dry(1, 1.5, 2, -1, List.of()), tokens)).containsExactly(expected);
        }
    }

    @Test
    void mirostat2CutsBySurpriseAndMovesItsBound() {
        // Surprises of 1/2, 1/4, 1/8, 1/8 are 1, 2, 3, 3 bits. Tau 1.1: the bound starts at 2.2, so two stay.
        float[] logits = logs(0.5, 0.25, 0.125, 0.125);
        var control = new SurpriseControl(new Sampling.Mirostat(2, 1.1, 0.1), new Scratch(4));
        assertThat(control.bound()).isEqualTo(2.2);
        // Renormalised 2/3 and 1/3: surprises 0.585 and 1.585, so the bound moves by 0.0515 or -0.0485.
        assertThat(control.draw(logits, 0, logits[0], 1, fixed(0.5))).isZero();
        assertThat(control.bound()).isCloseTo(2.2 - 0.1 * (0.58496 - 1.1), within(1e-5));
        var other = new SurpriseControl(new Sampling.Mirostat(2, 1.1, 0.1), new Scratch(4));
        assertThat(other.draw(logits, 0, logits[0], 1, fixed(0.9))).isEqualTo(1);
        assertThat(other.bound()).isCloseTo(2.2 - 0.1 * (1.58496 - 1.1), within(1e-5));
        var narrow = new SurpriseControl(new Sampling.Mirostat(2, 0.25, 0.1), new Scratch(4));
        assertThat(narrow.draw(logits, 0, logits[0], 1, fixed(0.99))).as("at least the likeliest stays").isZero();
        assertThat(narrow.bound()).isCloseTo(0.5 + 0.1 * 0.25, within(1e-9));
    }

    @Test
    void mirostat1EstimatesTheTailByZipfsLaw() {
        // Weights 1, 2^-1.5, 3^-1.5, 4^-1.5 are Zipf's law with exponent 1.5; excess 0.5, bound 2 * 1 = 2, size 4:
        // k = (0.5 * 4 / (1 - 4^-0.5))^(1 / 1.5) = 4^(2/3) = 2.52, so two tokens stay.
        float[] logits = logs(1, Math.pow(2, -1.5), Math.pow(3, -1.5), Math.pow(4, -1.5));
        for (double draw : new double[]{0.0, 0.7, 0.999}) {
            var control = new SurpriseControl(new Sampling.Mirostat(1, 1, 0.1), new Scratch(4));
            assertThat(control.draw(logits, 0, 0, 1, fixed(draw))).isLessThan(2);
        }
        // With tau 2 the bound is 4: (0.5 * 16 / 0.5)^(2/3) = 6.3, so all four stay.
        var wide = new Sampler(WARM.withMirostat(new Sampling.Mirostat(1, 2, 0)), new SplittableRandom(1),
                new Scratch(4), new int[0]);
        var seen = new HashSet<Integer>();
        for (int i = 0; i < 500; i++) {
            seen.add(wide.next(logits, 0));
        }
        assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void mirostatHoldsTheSurpriseNearItsTarget() {
        var random = new SplittableRandom(2);
        float[] logits = new float[2000];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (-1.1 * Math.log(i + 1.0));
        }
        double total = Logits.totalWeight(logits, 0, logits.length, 0);
        for (int version = 1; version <= 2; version++) {
            for (double tau : new double[]{2, 4}) {
                var control = new SurpriseControl(new Sampling.Mirostat(version, tau, 0.1), new Scratch(2000));
                double surprise = 0;
                for (int i = 0; i < 3000; i++) {
                    double before = control.bound();
                    control.draw(logits, 0, 0, 1, random);
                    surprise += tau + (before - control.bound()) / 0.1;
                }
                assertThat(surprise / 3000).as("mirostat %d, tau %f, of %f", version, tau, total)
                        .isCloseTo(tau, within(0.1));
            }
        }
    }

    @Test
    void mirostatLeavesPenaltiesOutAndTemperatureZeroLeavesMirostatOut() {
        var settings = new Sampling(1, 0, 1, 0, 100, 2, 2, -1, 3L, Map.of())
                .withMirostat(new Sampling.Mirostat(2, 0.1, 0.1));
        var sampler = new Sampler(settings, new SplittableRandom(1), new Scratch(3), new int[]{0, 0, 0});
        assertThat(sampler.next(new float[]{9, 1, 1}, 0)).isZero();
        assertThat(sampler.next(new float[]{9, 1, 1}, 0)).isZero();
        var cold = new Sampler(Sampling.greedy().withMirostat(new Sampling.Mirostat(1, 9, 0.1)),
                new SplittableRandom(1), new Scratch(3), new int[0]);
        assertThat(cold.next(new float[]{1, 2, 1.9f}, 0)).isEqualTo(1);
    }

    @Test
    void aConstraintMasksBeforeAndHearsAfterTheDraw() {
        var heard = new ArrayList<Integer>();
        var constraint = new TokenConstraint() {
            @Override
            public long[] allowed() {
                return new long[]{1L << 5 | 1L << 63, 1L << 2, 0};
            }

            @Override
            public void accept(int token) {
                heard.add(token);
            }

            @Override
            public boolean finished() {
                return heard.size() == 3;
            }
        };
        float[] logits = new float[300];
        logits[200] = 50;
        logits[66] = 2;
        var greedy = new Sampler(Sampling.greedy(), new SplittableRandom(1), new Scratch(300), new int[0],
                _ -> new byte[0], constraint);
        assertThat(greedy.next(logits, 0)).isEqualTo(66);
        assertThat(heard).containsExactly(66);
        assertThat(greedy.finished()).isFalse();
        var warm = new Sampler(Sampling.atTemperature(9), new SplittableRandom(1), new Scratch(300), new int[0],
                _ -> new byte[0], constraint);
        for (int i = 0; i < 200; i++) {
            assertThat(warm.next(logits, 0)).isIn(5, 63, 66);
        }
        assertThat(Set.copyOf(heard)).containsExactlyInAnyOrder(5, 63, 66);
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        refused("typical_p is 2.0", () -> WARM.withTypicalP(2));
        refused("top_n_sigma is -1.0", () -> WARM.withTopNSigma(-1));
        refused("xtc probability is 1.5", () -> new Sampling.Xtc(1.5, 0.1));
        refused("dry base is 0.5", () -> new Sampling.Dry(1, 0.5, 2, -1, List.of()));
        refused("mirostat is 3", () -> new Sampling.Mirostat(3, 5, 0.1));
        refused("mirostat tau is 0.0", () -> new Sampling.Mirostat(2, 0, 0.1));
        assertThat(Sampling.Dry.of(0.8).breakers()).contains("\n", "*");
    }

    private static void refused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(EngineException.InvalidRequest.class).hasMessageContaining(message);
    }

    private static float[] logs(double... probabilities) {
        var logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return logits;
    }

    private static RandomGenerator fixed(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }

    /** Tokens 0 to 9, of which 8 reads "x:". */
    private static float[] penalised(Sampling.Dry dry, int[] tokens) {
        float[] logits = new float[10];
        int half = tokens.length / 2;
        var prompt = Arrays.copyOf(tokens, half);
        var repetitions = new Repetitions(dry, prompt,
                token -> (token == 8 ? "x:" : "t" + token).getBytes(StandardCharsets.UTF_8));
        for (int i = half; i < tokens.length; i++) {
            repetitions.accept(tokens[i]);
        }
        repetitions.apply(logits);
        return logits;
    }

    private static Set<Integer> support(Sampling sampling, float[] logits) {
        var sampler = new Sampler(sampling, new SplittableRandom(7), new Scratch(logits.length), new int[0]);
        var seen = new HashSet<Integer>();
        for (int i = 0; i < 2000; i++) {
            seen.add(sampler.next(logits, 0));
        }
        return seen;
    }

    private static double share(Sampling sampling, float[] logits, int token) {
        var sampler = new Sampler(sampling, new SplittableRandom(7), new Scratch(logits.length), new int[0]);
        int count = 0;
        for (int i = 0; i < 10_000; i++) {
            count += sampler.next(logits, 0) == token ? 1 : 0;
        }
        return count / 10_000.0;
    }
}
