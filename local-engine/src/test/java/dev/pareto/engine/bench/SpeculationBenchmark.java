package dev.pareto.engine.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.EmbeddedModels;
import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.Speculation;
import dev.pareto.engine.TextDelta;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tokens per second of greedy answers with and without guesses, in turn within one run, on an idle machine:
 * {@code mvn -Pbench -pl local-engine clean verify -Dbench=SpeculationBenchmark -Dbench.args="[MODEL.gguf [DRAFT]]"}.
 * Without arguments the model on board extracts facts of tickets; another model continues its prompts' texts, and DRAFT names
 * a smaller model in its folder. Time is that of writing: from the first token on.
 */
public final class SpeculationBenchmark {

    private static final int ROUNDS = 5;
    private static final int MOST_TOKENS = 128;

    private SpeculationBenchmark() {}

    /** Prints a line for each way. */
    public static void main(String[] args) throws IOException {
        var folder = Files.createTempDirectory("pareto-bench");
        var file = args.length > 0 ? Path.of(args[0]) : new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK);
        var ways = new LinkedHashMap<String, Speculation>();
        ways.put("without", Speculation.OFF);
        ways.put("n-gram", Speculation.LOOKUP);
        if (args.length > 1) {
            var name = String.valueOf(file.getFileName()).replaceFirst("(-\\d{5}-of-\\d{5})?\\.gguf$", "");
            ways.put("draft", new Speculation(false, Map.of(name, args[1]), 8, 3));
            ways.put("both", new Speculation(true, Map.of(name, args[1]), 8, 3));
        }
        var loaded = new ArrayList<Way>();
        try {
            ways.forEach((name, speculation) -> loaded.add(Way.load(name, file, speculation)));
            boolean onBoard = args.length == 0;
            for (int round = -1; round < ROUNDS; round++) { // the first one warms up
                for (var way : loaded) {
                    way.answer(onBoard, round >= 0);
                }
            }
            double plain = loaded.getFirst().tokensPerSecond();
            for (var way : loaded) {
                var guesses = way.model.load().guesses();
                System.out.printf("%-8s %8.1f tokens/s  %5.2f x  drafted %d, accepted %d%n", way.name,
                        way.tokensPerSecond(), way.tokensPerSecond() / plain, guesses.drafted(), guesses.accepted());
            }
        } finally {
            loaded.forEach(Way::close);
        }
    }

    private static final class Way {

        private final String name;
        private final LocalEngine engine;
        private final LoadedModel model;
        private long tokens;
        private long nanos;

        private Way(String name, LocalEngine engine, LoadedModel model) {
            this.name = name;
            this.engine = engine;
            this.model = model;
        }

        static Way load(String name, Path file, Speculation speculation) {
            var engine = new LocalEngine(EngineSettings.defaults().withSpeculation(speculation));
            try {
                return new Way(name, engine, engine.load(file));
            } catch (IOException e) {
                engine.close();
                throw new UncheckedIOException(e);
            }
        }

        void answer(boolean onBoard, boolean counts) throws IOException {
            for (var prompt : prompts(model, onBoard)) {
                var result = model.generate(
                        GenerationRequest.of(prompt, MOST_TOKENS, Sampling.greedy(), Duration.ofMinutes(10)),
                        new Silent()).done().join();
                var first = result.timings().firstToken();
                if (counts && first != null) {
                    tokens += result.completionTokens() - 1;
                    nanos += result.timings().total().minus(first).toNanos();
                }
            }
        }

        double tokensPerSecond() {
            return tokens * 1e9 / nanos;
        }

        void close() {
            model.close();
            engine.close();
        }
    }

    private static List<int[]> prompts(LoadedModel model, boolean onBoard) throws IOException {
        try (var in = SpeculationBenchmark.class
                .getResourceAsStream("/dev/pareto/engine/models/support-desk.golden.jsonl")) {
            if (in == null) {
                throw new IOException("the golden answers of the model on board are missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .map(line -> JsonMapper.shared().readTree(line))
                    .filter(line -> line.path("answer").asString().startsWith("{"))
                    .map(line -> onBoard
                            ? line.path("tokens").valueStream().mapToInt(node -> node.asInt()).toArray()
                            : model.prompt(line.path("prompt").asString()))
                    .toList();
        }
    }

    private static final class Silent implements GenerationListener {

        @Override
        public void onText(TextDelta delta) {
            // only the time counts
        }

        @Override
        public void onFinish(GenerationResult result) {
            // as above
        }

        @Override
        public void onError(EngineException failure) {
            System.err.println(failure.getMessage());
        }
    }
}
