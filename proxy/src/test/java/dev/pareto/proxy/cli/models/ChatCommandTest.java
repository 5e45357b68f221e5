package dev.pareto.proxy.cli.models;

import static dev.pareto.proxy.cli.models.TokenizeCommandTest.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.engine.EmbeddedModels;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.text.Tokenizer;
import dev.pareto.proxy.cli.Ran;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class ChatCommandTest {

    private static final String QUESTION = "What is the sentiment of this ticket? My parcel never came, I am furious.";

    @TempDir
    private static Path home;

    private static LocalEngine engine;
    private static LoadedModel model;

    @BeforeAll
    static void load() throws IOException {
        engine = new LocalEngine(EngineSettings.defaults().withThreads(1).withWarmUp(Duration.ZERO));
        model = engine.load(new EmbeddedModels(home.resolve("data/models")).extract(EmbeddedModels.SUPPORT_DESK));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    /** A session of lines, greedy, with what it printed. */
    private static final class Talk {

        private final StringWriter out = new StringWriter();
        private final StringWriter err = new StringWriter();
        private final boolean well;

        Talk(boolean watched, int maxTokens, String... lines) throws IOException {
            var session = new ChatSession(model, Sampling.greedy(), maxTokens, null,
                    new BufferedReader(new StringReader(String.join("\n", lines))), new PrintWriter(out, true),
                    new PrintWriter(err, true), watched);
            well = session.run();
            assertThat(session.stop()).as("nothing is being answered").isFalse();
        }

        String out() {
            return out.toString();
        }
    }

    @Test
    void pipedInEachLineIsAMessageAndOnlyAnswersArePrinted() throws IOException {
        var one = new Talk(false, 24, QUESTION);
        var two = new Talk(false, 24, QUESTION, "", QUESTION);

        assertThat(one.well).as(one.err.toString()).isTrue();
        assertThat(one.out()).isNotBlank();
        assertThat(one.err.toString()).isEmpty();
        assertThat(two.out()).startsWith(one.out());
        assertThat(two.out().length()).isGreaterThan(one.out().length());
    }

    @Test
    void aResetForgetsTheConversation() throws IOException {
        var one = new Talk(false, 24, QUESTION);
        var again = new Talk(false, 24, QUESTION, "/reset", QUESTION);

        assertThat(again.out()).isEqualTo(one.out() + one.out());
    }

    @Test
    void aSystemMessageCountsFromTheNextAnswerOn() throws IOException {
        String tooLong = "/system " + "word ".repeat(100_000);
        var plain = new Talk(false, 24, QUESTION);
        var told = new Talk(false, 24, tooLong, QUESTION);
        var untold = new Talk(false, 24, tooLong, "/system", QUESTION);

        assertThat(told.out()).as("the model is told more than it can hold").isEmpty();
        assertThat(told.err.toString()).startsWith("pareto: the prompt has ");
        assertThat(untold.out()).isEqualTo(plain.out());
    }

    @Test
    void nothingIsReadAfterQuit() throws IOException {
        var talk = new Talk(false, 24, "/quit", QUESTION);

        assertThat(talk.well).isTrue();
        assertThat(talk.out()).isEmpty();
    }

    @Test
    void aPersonGetsPromptsHelpAndFigures() throws IOException {
        var talk = new Talk(true, 5, "/help", QUESTION, "/nonsense");

        assertThat(talk.out()).startsWith("> /reset").contains("/system TEXT").endsWith("> " + System.lineSeparator());
        assertThat(talk.err.toString()).contains("/quit leaves")
                .contains("the first after ")
                .contains("there is no /nonsense");
    }

    @Test
    void aMessageThatDoesNotFitIsRefusedAndForgotten() throws IOException {
        var talk = new Talk(false, 24, "word ".repeat(100_000), QUESTION);
        var one = new Talk(false, 24, QUESTION);

        assertThat(talk.well).isFalse();
        assertThat(talk.err.toString().lines()).singleElement()
                .asString()
                .startsWith("pareto: the prompt has ")
                .endsWith("/reset begins a new conversation");
        assertThat(talk.out()).isEqualTo(one.out());
    }

    @Test
    void anAnswerCanBeStopped() throws IOException {
        var out = new StringWriter();
        var err = new StringWriter();
        var stopping = new ChatSession[1];
        // the first piece of the answer presses Ctrl-C
        var pressing = new PrintWriter(out, true) {
            @Override
            public void flush() {
                super.flush();
                if (stopping[0] != null && !out.toString().isBlank() && !out.toString().endsWith("> ")) {
                    stopping[0].stop();
                }
            }
        };
        stopping[0] = new ChatSession(model, endless(), 400, null,
                new BufferedReader(new StringReader(QUESTION)), pressing, new PrintWriter(err, true), true);

        assertThat(stopping[0].run()).isTrue();
        assertThat(err.toString()).contains("; stopped]");
    }

    /** Never draws a token that ends the answer. */
    private static Sampling endless() {
        Tokenizer words = model.tokenizer();
        Map<Integer, Float> never = IntStream.range(0, words.vocabularySize())
                .filter(words::isEndOfGeneration)
                .boxed()
                .collect(Collectors.toMap(token -> token, token -> -100f));
        return new Sampling(0, 0, 1, 0, 1, 0, 0, 0, null, never);
    }

    @Test
    void theCommandTalksWithAModelOnThisMachine() {
        var in = new ByteArrayInputStream((QUESTION + "\n/quit\n").getBytes(StandardCharsets.UTF_8));
        Ran ran = Ran.command(new ChatCommand(in), home, "support-desk", "--temperature", "0", "--max-tokens", "8",
                "-t", "1");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).isNotBlank();
    }

    @Test
    void whatCannotBeIsOneLine() {
        assertThat(fault(1, Ran.models(home, "chat", "nowhere"))).contains("no model nowhere");
        assertThat(fault(1, Ran.models(home, "chat", "support-desk", "--temperature", "-1"))).contains("temperature");
        assertThat(fault(1, Ran.models(home, "chat", "support-desk", "--threads", "0"))).contains("--threads");
    }
}
