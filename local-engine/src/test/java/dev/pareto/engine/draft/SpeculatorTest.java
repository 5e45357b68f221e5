package dev.pareto.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.pareto.engine.EmbeddedModels;
import dev.pareto.engine.LocalEngine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SpeculatorTest {

    private static final String GOLDEN = "/dev/pareto/engine/models/support-desk.golden.jsonl";

    @TempDir
    Path folder;

    /** A drafter that a test writes in a line; it keeps whether it was closed. */
    private static final class Written implements Drafter {

        private final IntFunction<int[]> guesses;
        boolean closed;

        Written(IntFunction<int[]> guesses) {
            this.guesses = guesses;
        }

        @Override
        public int[] draft(History history, int most) {
            return Arrays.copyOf(guesses.apply(history.size()), Math.min(most, guesses.apply(history.size()).length));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void theFirstDrafterWithAnIdeaIsTaken() {
        var first = new Written(size -> size == 3 ? new int[]{1} : new int[0]);
        var second = new Written(size -> new int[]{2, 2, 2, 2, 2});
        try (var speculator = new Speculator(new int[]{7, 7, 7}, List.of(first, second), 8, token -> false)) {
            assertThat(speculator.draft(8)).containsExactly(1);
            speculator.learn(0);
            speculator.add(5);
            assertThat(speculator.draft(8)).containsExactly(2, 2, 2);
            assertThat(speculator.draft(2)).containsExactly(2, 2);
            assertThat(speculator.draft(0)).isEmpty();
        }
        assertThat(first.closed).isTrue();
        assertThat(second.closed).isTrue();
    }

    @Test
    void whatCannotBeFollowedIsLeftOut() {
        try (var speculator = new Speculator(new int[]{7}, List.of(new Written(size -> new int[]{1, 2, 3})), 8,
                token -> token == 2)) {
            assertThat(speculator.draft(8)).containsExactly(1);
        }
    }

    @Test
    void aDrafterThatFailsIsClosedAndTheOthersGoOn() {
        var broken = new Written(size -> {
            throw new IllegalStateException("pretended");
        });
        try (var speculator = new Speculator(new int[]{7}, List.of(broken, new Written(size -> new int[]{4})), 8,
                token -> false)) {
            assertThat(speculator.draft(8)).containsExactly(4);
            assertThat(broken.closed).isTrue();
            assertThat(speculator.draft(8)).containsExactly(4);
        }
    }

    /** What the look-up would have guessed of the answers that the model on board really gives. */
    @Test
    void factsOfTicketsAreOftenLookedUp() throws IOException {
        var extractions = extractions();
        assumeThat(extractions).as("golden extractions beside the model").hasSizeGreaterThan(5);
        var tokenizer = LocalEngine.tokenizerOf(new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK));
        int tokens = 0;
        int drafted = 0;
        int accepted = 0;
        for (var line : extractions) {
            int[] prompt = line.path("tokens").valueStream().mapToInt(JsonNode::asInt).toArray();
            int[] answer = tokenizer.encode(line.path("answer").asString(), false);
            var count = follow(prompt, answer);
            tokens += answer.length;
            drafted += count[0];
            accepted += count[1];
        }
        assertThat(accepted).as("of %d tokens, %d drafted", tokens, drafted)
                .isGreaterThan(tokens / 5)
                .isGreaterThan(drafted * 2 / 5);
    }

    private static List<JsonNode> extractions() throws IOException {
        var found = new ArrayList<JsonNode>();
        try (var in = SpeculatorTest.class.getResourceAsStream(GOLDEN)) {
            if (in != null) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                        .map(line -> JsonMapper.shared().readTree(line))
                        .filter(line -> line.path("answer").asString().startsWith("{"))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** Drafted and accepted tokens. */
    private static int[] follow(int[] prompt, int[] answer) {
        var count = new int[2];
        try (var speculator = new Speculator(prompt, List.of(new Lookup(prompt.length)), 8, token -> false)) {
            speculator.add(answer[0]);
            for (int at = 1; at < answer.length; at++) {
                int[] guesses = speculator.draft(answer.length - at - 1);
                int right = 0;
                speculator.add(answer[at]);
                while (right < guesses.length && guesses[right] == answer[at]) {
                    right++;
                    speculator.add(answer[++at]);
                }
                speculator.learn(right);
                count[0] += guesses.length;
                count[1] += right;
            }
        }
        return count;
    }
}
