package dev.pareto.policies.route;

import dev.pareto.policies.predict.accuracy.Answer;
import dev.pareto.policies.predict.accuracy.Example;
import dev.pareto.policies.predict.accuracy.SuccessPredictor;
import dev.pareto.policies.predict.accuracy.Verifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a forecast takes and allocates, over MMLU's prompts (both models, 1,500 labels) and over GSM8K's answers. On an idle machine:
 *
 * <pre>
 * mvn -Pbench -pl policies clean verify
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx1g")
public class PredictionBenchmark {

    private static final List<String> PAIR = List.of("strong", "weak");

    private List<LabelledPrompt> prompts = List.of();
    private List<Example> answered = List.of();
    private SuccessPredictor predictor;
    private SuccessPredictor.Workspace workspace;
    private Verifier verifier;
    private Verifier.Workspace judging;
    private int at;

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder().include(PredictionBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .build())
                .run();
    }

    @Setup
    public void train() throws IOException {
        List<LabelledPrompt> mmlu = new ArrayList<>(SharedData.prompts("mmlu"));
        Collections.shuffle(mmlu, new Random(1000));
        List<Example> examples = mmlu.subList(0, 1500)
                .stream()
                .map(prompt -> new Example(prompt.prompt(), prompt.segment(),
                        score(prompt, "openai/gpt-4-1106-preview"),
                        score(prompt, "open/mixtral-8x7b-instruct-v0.1")))
                .toList();
        prompts = mmlu.subList(1500, mmlu.size());
        predictor = SuccessPredictor.train(examples, PAIR, 1000).predictor();
        workspace = predictor.workspace();
        answered = SharedData.prompts("gsm8k").stream().map(PredictionBenchmark::answered).toList();
        verifier = Verifier.train(answered, PAIR, 1000).verifier();
        judging = verifier.workspace();
    }

    private static Example answered(LabelledPrompt prompt) {
        Answer answer = Objects.requireNonNull(prompt.answer("open/mixtral-8x7b-instruct-v0.1"));
        return new Example(prompt.prompt(), null, new double[]{score(prompt, "openai/gpt-4-1106-preview"),
                score(prompt, "open/mixtral-8x7b-instruct-v0.1")}, List.of(answer));
    }

    private static double score(LabelledPrompt prompt, String model) {
        return Objects.requireNonNull(prompt.score(model));
    }

    @Benchmark
    public double forecast() {
        LabelledPrompt prompt = prompts.get(at++ % prompts.size());
        predictor.predict(prompt.prompt(), prompt.segment(), workspace);
        return workspace.probability(0) - workspace.probability(1);
    }

    @Benchmark
    public double judgement() {
        Example example = answered.get(at++ % answered.size());
        verifier.judge(example.prompt(), null, example.answers().getFirst(), null, judging);
        return judging.probability(1);
    }
}
