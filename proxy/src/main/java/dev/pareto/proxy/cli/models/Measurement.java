package dev.pareto.proxy.cli.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pareto.engine.BareModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of a bench: one test with so many threads.
 *
 * @param gigabytesPerSecond of the file's weights, at the median; null for prompts, where each weight is read once for many
 *            tokens
 */
record Measurement(int threads, String test, int tokens, @JsonProperty("tokens_per_second") Speeds tokensPerSecond,
        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("gigabytes_per_second") @Nullable Double gigabytesPerSecond) {

    /** What is measured. */
    enum Kind {
        PREFILL, DECODE;

        /** As the table and the document call it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Runs one test of a model. */
    record Test(Kind kind, int tokens) {

        Duration run(BareModel model) {
            return switch (kind) {
                case PREFILL -> model.prefill(tokens);
                case DECODE -> model.decode(tokens);
            };
        }
    }

    /**
     * All tests in turn, again and again, so that a change of the machine's pace meets all of them.
     *
     * @param repeats at least 1
     */
    static List<Measurement> repeat(BareModel model, int threads, List<Test> tests, int repeats) {
        var speeds = new ArrayList<List<Double>>();
        tests.forEach(_ -> speeds.add(new ArrayList<>()));
        for (int round = 0; round < repeats; round++) {
            for (int i = 0; i < tests.size(); i++) {
                double seconds = Math.max(1, tests.get(i).run(model).toNanos()) / 1e9;
                speeds.get(i).add(tests.get(i).tokens() / seconds);
            }
        }
        var measured = new ArrayList<Measurement>();
        for (int i = 0; i < tests.size(); i++) {
            Test test = tests.get(i);
            Speeds speed = Speeds.of(speeds.get(i));
            measured.add(new Measurement(threads, test.kind().word(), test.tokens(), speed,
                    test.kind() == Kind.DECODE ? speed.median() * model.weightBytesPerToken() / 1e9 : null));
        }
        return measured;
    }
}
