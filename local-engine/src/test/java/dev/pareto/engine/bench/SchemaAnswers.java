package dev.pareto.engine.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.EmbeddedModels;
import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.Speculation;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.engine.grammar.RandomSchemas;
import dev.pareto.engine.grammar.TextLengths;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ValueNode;

/**
 * Asks the model on board to answer random schemas, and another's validator to judge the answers. The model was never
 * trained for them and is drawn from at temperature 1, so what it writes varies widely. From the command line:
 *
 * <pre>
 * mvn -Pbench -pl local-engine clean verify -Dbench=SchemaAnswers -Dbench.args=10000
 * </pre>
 */
public final class SchemaAnswers implements AutoCloseable {

    static final int MAX_TOKENS = 400;
    private static final int SEQUENCES = 8;
    private static final int WAITING = 24;
    /** A busy machine is no fault of the engine's. */
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(new WholeNumbers())
            .build();

    /** Makes 1e20 the integer that it is: asked whether it is one, the validator fails on a decimal beyond a long. */
    private static final class WholeNumbers extends JsonNodeFactory {

        private static final long serialVersionUID = 1;

        @Override
        public ValueNode numberNode(BigDecimal value) {
            return value.stripTrailingZeros().scale() <= 0 ? numberNode(value.toBigInteger()) : super.numberNode(value);
        }
    }

    /** How an answer came out. The last three should never be. */
    enum Outcome {
        /** It ended by itself and is valid. */
        VALID,
        /** It was brought to its end because the tokens ran out, and is valid. */
        HURRIED,
        /** Cut; the shortest answer has more bytes than the most tokens and may not fit. */
        NO_ROOM,
        /** No JSON or not valid. */
        INVALID,
        /** The schema was refused. */
        UNSUPPORTED,
        /** The engine gave up. */
        FAILED
    }

    /**
     * What came of one schema.
     *
     * @param detail the text, what is wrong with it or why there is none
     */
    record Judged(long seed, Map<String, Object> schema, Outcome outcome, String detail) {

        boolean isFault() {
            return outcome.compareTo(Outcome.INVALID) >= 0;
        }

        @Override
        public String toString() {
            return "%s (seed %d): %s%n  schema %s".formatted(outcome, seed, detail, JSON.writeValueAsString(schema));
        }
    }

    private final LocalEngine engine;
    private final LoadedModel model;
    private final int[] prompt;
    private final SchemaRegistry validators = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /** The model is copied into the folder. */
    SchemaAnswers(Path folder) throws IOException {
        int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
        engine = new LocalEngine(new EngineSettings(threads, SEQUENCES, WAITING, PATIENCE, PATIENCE, 64 << 20,
                CacheType.F32, 64 << 20, 128, EngineSettings.WHOLE_CHUNKS, MAX_TOKENS, Duration.ZERO, Speculation.OFF));
        model = engine.load(new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK));
        prompt = model.prompt(List.of(Map.of("role", "user", "content", "Write it down as JSON.")), List.of(),
                Map.of());
    }

    @Override
    public void close() {
        model.close();
        engine.close();
    }

    /** Judges the answers to the schemas of so many seeds, in their order. */
    void judge(long firstSeed, int count, Consumer<Judged> told) {
        var open = new ArrayDeque<CompletableFuture<Judged>>();
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            if (open.size() == WAITING) {
                told.accept(open.remove().join());
            }
            open.add(begin(seed, new RandomSchemas(new SplittableRandom(seed)).next()));
        }
        open.forEach(last -> told.accept(last.join()));
    }

    private CompletableFuture<Judged> begin(long seed, Map<String, Object> schema) {
        Grammar grammar;
        try {
            grammar = Grammar.jsonSchema(schema);
        } catch (EngineException.InvalidRequest refused) {
            return CompletableFuture.completedFuture(
                    new Judged(seed, schema, Outcome.UNSUPPORTED, String.valueOf(refused.getMessage())));
        }
        var written = new Written();
        var _ = model.generate(GenerationRequest.of(prompt, MAX_TOKENS, Sampling.atTemperature(1).withSeed(seed),
                PATIENCE).withGrammar(grammar), written);
        return written.end.handle((result, failure) -> failure == null
                ? judged(seed, schema, grammar, result, written.text.toString())
                : new Judged(seed, schema, Outcome.FAILED, String.valueOf(cause(failure).getMessage())));
    }

    private static Throwable cause(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private Judged judged(long seed, Map<String, Object> schema, Grammar grammar, GenerationResult result,
            String text) {
        boolean cut = result.reason() == FinishReason.LENGTH;
        if (!cut && result.reason() != FinishReason.STOP) {
            return new Judged(seed, schema, Outcome.FAILED, "it ended by " + result.reason());
        }
        if (TextLengths.shortest(grammar) > MAX_TOKENS) {
            return new Judged(seed, schema, Outcome.NO_ROOM, text);
        }
        var fault = fault(schema, text);
        return fault.isEmpty()
                ? new Judged(seed, schema, cut ? Outcome.HURRIED : Outcome.VALID, text)
                : new Judged(seed, schema, Outcome.INVALID, fault + " in " + text);
    }

    /** What another's validator finds wrong; empty for nothing. */
    private String fault(Map<String, Object> schema, String text) {
        try {
            JsonNode node = JSON.valueToTree(schema);
            var errors = validators.getSchema(node)
                    .validate(JSON.readTree(text),
                            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
            return errors.isEmpty() ? "" : errors.toString();
        } catch (JacksonException noJson) {
            return String.valueOf(noJson.getMessage());
        }
    }

    /** Collects one answer. */
    private static final class Written implements GenerationListener {

        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();

        @Override
        public void onText(TextDelta delta) {
            text.append(delta.text());
        }

        @Override
        public void onFinish(GenerationResult result) {
            end.complete(result);
        }

        @Override
        public void onError(EngineException failure) {
            end.completeExceptionally(failure);
        }
    }

    /** Counts outcomes. */
    static final class Tally implements Consumer<Judged> {

        private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

        @Override
        public void accept(Judged judged) {
            counts.merge(judged.outcome(), 1, Integer::sum);
        }

        int of(Outcome outcome) {
            return counts.getOrDefault(outcome, 0);
        }

        @Override
        public String toString() {
            return counts.toString();
        }
    }

    /** How many schemas, and from which seed on. */
    public static void main(String[] args) throws IOException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        long first = args.length > 1 ? Long.parseLong(args[1]) : 1;
        var tally = new Tally();
        boolean[] faulty = new boolean[1];
        var folder = Files.createTempDirectory("pareto-schemas");
        try (var answers = new SchemaAnswers(folder)) {
            answers.judge(first, count, judged -> {
                tally.accept(judged);
                if (judged.isFault()) {
                    faulty[0] = true;
                    System.out.println(judged);
                }
                long done = judged.seed() - first + 1;
                if (done % 500 == 0 || done == count) {
                    System.out.printf("%d of %d: %s%n", done, count, tally);
                }
            });
        } finally {
            Files.deleteIfExists(folder.resolve(EmbeddedModels.SUPPORT_DESK + ".gguf"));
            Files.deleteIfExists(folder);
        }
        if (faulty[0]) {
            System.exit(1);
        }
    }
}
