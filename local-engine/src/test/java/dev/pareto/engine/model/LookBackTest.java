package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.tensor.ComputePool;

/** Attention by runs of tokens and groups of heads against the formula and against each token by itself. */
final class LookBackTest {

    private static final int BEFORE = 113;
    private static final int CHUNK = 21;

    private static ComputePool pool;

    private final SplittableRandom random = new SplittableRandom(11);

    @BeforeAll
    static void start() {
        pool = new ComputePool(2);
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    /** @param latent whether the keys are the values too */
    record Case(Heads heads, Look look, boolean slopes, boolean latent, CacheType type) {}

    static Stream<Case> cases() {
        var look = Look.scaled(0.3f);
        return Arrays.stream(CacheType.values())
                .flatMap(type -> Stream.of(
                        new Case(new Heads(4, 4, 16, 16), look, false, false, type),
                        new Case(new Heads(8, 2, 64, 64), look, false, false, type),
                        new Case(new Heads(6, 2, 80, 40), look.windowed(30), false, false, type),
                        new Case(new Heads(3, 3, 20, 33), look.windowed(70), false, false, type),
                        new Case(new Heads(7, 1, 32, 32), look.softCapped(2).sinking(new float[]{1, 0, 2, 0, 3, 0, 4}),
                                false, false, type),
                        new Case(new Heads(4, 2, 8, 8), look.bothWays(), true, false, type),
                        new Case(new Heads(6, 1, 48, 36), look, false, true, type)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isTheFormulaOnWhatThePagesKeep(Case given) {
        var attention = new Run(given, Kernels.best());
        var expected = attention.formula();
        var actual = attention.chunk();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("float %d", i).isCloseTo(expected[i], within(2e-5));
        }
    }

    /** On scalar kernels, because the JVM sums up the lanes of a vector in another order once it has compiled the code. */
    @ParameterizedTest
    @MethodSource("cases")
    void aTokensNumbersDoNotDependOnItsNeighbours(Case given) {
        var attention = new Run(given, Kernels.scalar());
        var together = attention.chunk();
        if (!given.look.ahead()) {
            assertThat(attention.oneByOne()).containsExactly(together);
        }
        assertThat(attention.besideAnother()).containsExactly(together);
    }

    /** One layer over one sequence whose keys and values are all known. */
    private final class Run {

        private final Case given;
        private final Heads heads;
        private final float @Nullable [] slopes;
        private final ModelShape shape;
        private final KvLayout layout;
        private final KvCache cache;
        private final LookBack lookBack;
        private final float[] queries;
        private final float[] room = new float[KvPage.TOKENS * 100];

        Run(Case given, Kernels kernels) {
            this.given = given;
            heads = given.heads;
            slopes = given.slopes ? new float[]{0, 0.1f, 0.2f, 0.3f} : null;
            var row = new KvLayout.Row(heads.keyValues(), heads.keySize(), given.latent ? 0 : heads.valueSize());
            shape = new ModelShape("test", 10, 1000, 1, 8, KvLayout.floatsPerToken(List.of(row)), 0, 0);
            layout = new KvLayout(shape, List.of(row));
            cache = filled(BEFORE + CHUNK);
            cache.truncate(BEFORE);
            var compute = new Compute(pool, kernels, 0);
            lookBack = given.latent
                    ? LookBack.onKeys(0, heads, given.look, compute)
                    : LookBack.onValues(0, heads, given.look, slopes, compute);
            queries = floats(CHUNK * heads.queries() * heads.keySize());
        }

        private KvCache filled(int tokens) {
            var made = new KvCache(layout, 1000, given.type);
            made.reserve(tokens);
            var row = layout.rows().getFirst();
            for (int token = 0; token < tokens; token++) {
                made.put(0, token, floats(row.keyFloats()), 0, floats(row.valueFloats()), 0);
            }
            made.advance(tokens);
            return made;
        }

        private Slice slice(KvCache of, int tokens) {
            return Slice.of(of, LogitsWanted.NONE, new int[tokens]);
        }

        private float[] run(float[] q, int tokens, Slice... slices) {
            var out = new float[tokens * heads.queries() * heads.valueSize()];
            lookBack.run(Batch.of(List.of(slices), shape, 512, false), q, out);
            return out;
        }

        float[] chunk() {
            return run(queries.clone(), CHUNK, slice(cache, CHUNK));
        }

        /** Each token in a batch of its own. */
        float[] oneByOne() {
            int width = heads.queries() * heads.keySize();
            var all = new float[CHUNK * heads.queries() * heads.valueSize()];
            for (int token = 0; token < CHUNK; token++) {
                var out = run(Arrays.copyOfRange(queries, token * width, (token + 1) * width), 1, slice(cache, 1));
                System.arraycopy(out, 0, all, token * out.length, out.length);
                cache.advance(1);
            }
            cache.truncate(BEFORE);
            return all;
        }

        /** After three tokens of a much longer sequence in the same batch. */
        float[] besideAnother() {
            int width = heads.queries() * heads.keySize();
            var other = filled(903);
            other.truncate(900);
            var both = floats(3 * width + queries.length);
            System.arraycopy(queries, 0, both, 3 * width, queries.length);
            var out = run(both, 3 + CHUNK, slice(other, 3), slice(cache, CHUNK));
            return Arrays.copyOfRange(out, 3 * heads.queries() * heads.valueSize(), out.length);
        }

        /** In doubles, on keys and values as the pages give them back. */
        double[] formula() {
            var out = new double[CHUNK * heads.queries() * heads.valueSize()];
            var keys = keys();
            var values = values();
            int sharing = heads.queries() / heads.keyValues();
            for (int token = 0; token < CHUNK; token++) {
                int position = BEFORE + token;
                int end = given.look.ahead() ? BEFORE + CHUNK : position + 1;
                int first = given.look.window() == 0 ? 0 : Math.max(0, end - given.look.window());
                for (int head = 0; head < heads.queries(); head++) {
                    int row = token * heads.queries() + head;
                    var weights = new double[end];
                    double sum = given.look.sinks() == null ? 0 : Math.exp(given.look.sinks()[head]);
                    for (int p = first; p < end; p++) {
                        weights[p] = Math.exp(score(row, head, position - p, keys[head / sharing][p]));
                        sum += weights[p];
                    }
                    for (int p = first; p < end; p++) {
                        for (int d = 0; d < heads.valueSize(); d++) {
                            out[row * heads.valueSize() + d] += weights[p] / sum * values[head / sharing][p][d];
                        }
                    }
                }
            }
            return out;
        }

        private double score(int row, int head, int distance, float[] key) {
            double sum = 0;
            for (int d = 0; d < heads.keySize(); d++) {
                sum += (double) queries[row * heads.keySize() + d] * key[d];
            }
            sum *= given.look.scale();
            if (given.look.softCap() > 0) {
                sum = given.look.softCap() * Math.tanh(sum / given.look.softCap());
            }
            return slopes == null ? sum : sum - slopes[head] * Math.abs(distance);
        }

        /** {@code [kvHead][position][dimension]}, as the pages give them back. */
        private float[][][] keys() {
            var keys = new float[heads.keyValues()][BEFORE + CHUNK][heads.keySize()];
            for (int head = 0; head < heads.keyValues(); head++) {
                for (int from = 0; from < BEFORE + CHUNK; from += KvPage.TOKENS) {
                    var page = cache.page(from / KvPage.TOKENS);
                    var kept = page.keys(0, head, heads.keySize(), KvPage.TOKENS, Kernels.scalar(), room);
                    for (int p = from; p < Math.min(BEFORE + CHUNK, from + KvPage.TOKENS); p++) {
                        for (int d = 0; d < heads.keySize(); d++) {
                            keys[head][p][d] = kept[page.keysAt(0, head) + d * KvPage.TOKENS + p - from];
                        }
                    }
                }
            }
            return keys;
        }

        private float[][][] values() {
            if (given.latent) {
                return keys();
            }
            var values = new float[heads.keyValues()][BEFORE + CHUNK][];
            for (int head = 0; head < heads.keyValues(); head++) {
                for (int p = 0; p < BEFORE + CHUNK; p++) {
                    var page = cache.page(p / KvPage.TOKENS);
                    int column = p % KvPage.TOKENS;
                    int at = page.valuesAt(0, head, column);
                    values[head][p] = Arrays.copyOfRange(page.values(0, head, column, 1, Kernels.scalar(), room), at,
                            at + heads.valueSize());
                }
            }
            return values;
        }
    }

    private float[] floats(int count) {
        var out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }
}
