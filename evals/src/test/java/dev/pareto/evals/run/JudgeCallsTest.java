package dev.pareto.evals.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JudgeCallsTest {

    private static final ModelId JUDGE = ModelId.parse("vendor/judge");
    private static final List<Map<String, Object>> QUESTION = List.of(Map.of("role", "user", "content", "Good?"));

    @TempDir
    private Path folder;

    @Test
    void asksOnceAndRemembersAcrossRuns() throws Exception {
        Path file = folder.resolve("sub/judgements.jsonl");
        AtomicInteger calls = new AtomicInteger();
        ModelClient client = (model, messages, sampling) -> answer("reply " + calls.incrementAndGet());
        try (JudgeCalls judges = new JudgeCalls(client, 3, wait -> {}, file)) {
            assertThat(judges.ask(JUDGE, QUESTION, Map.of()).text()).isEqualTo("reply 1");
            assertThat(judges.ask(JUDGE, QUESTION, Map.of()).text()).isEqualTo("reply 1");
            assertThat(judges.ask(JUDGE, QUESTION, Map.of("seed", 1)).text()).isEqualTo("reply 2");
        }
        try (JudgeCalls judges = new JudgeCalls(client, 3, wait -> {}, file)) {
            JudgeClient.Reply kept = judges.ask(JUDGE, QUESTION, Map.of());
            assertThat(kept).isEqualTo(new JudgeClient.Reply("reply 1", Duration.ofMillis(3), Money.usd("0.5")));
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void aTornLineIsAskedForAgainAndHarmsNoOther() throws Exception {
        Path file = folder.resolve("judgements.jsonl");
        ModelClient client = (model, messages, sampling) -> answer("yes");
        try (JudgeCalls judges = new JudgeCalls(client, 1, wait -> {}, file)) {
            judges.ask(JUDGE, QUESTION, Map.of());
        }
        Files.writeString(file, "{\"key\":\"torn", StandardOpenOption.APPEND);
        try (JudgeCalls judges = new JudgeCalls(client, 1, wait -> {}, file)) {
            judges.ask(JUDGE, QUESTION, Map.of("seed", 2));
        }
        ModelClient silent = (model, messages, sampling) -> {
            throw new ModelCallException("asked again", false, null);
        };
        try (JudgeCalls judges = new JudgeCalls(silent, 1, wait -> {}, file)) {
            assertThat(judges.ask(JUDGE, QUESTION, Map.of()).text()).isEqualTo("yes");
            assertThat(judges.ask(JUDGE, QUESTION, Map.of("seed", 2)).text()).isEqualTo("yes");
        }
    }

    @Test
    void triesAgainWhatMaySucceedLater() throws Exception {
        List<Duration> waits = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        ModelClient client = (model, messages, sampling) -> {
            if (calls.incrementAndGet() < 3) {
                throw new ModelCallException("busy", true, calls.get() == 1 ? Duration.ofSeconds(7) : null);
            }
            return answer("yes");
        };
        try (JudgeCalls judges = new JudgeCalls(client, 3, waits::add, folder.resolve("j.jsonl"))) {
            assertThat(judges.ask(JUDGE, QUESTION, Map.of()).text()).isEqualTo("yes");
        }
        assertThat(waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2));
        try (JudgeCalls judges = new JudgeCalls((model, messages, sampling) -> {
            throw new ModelCallException("refused", false, null);
        }, 3, waits::add, folder.resolve("k.jsonl"))) {
            assertThatThrownBy(() -> judges.ask(JUDGE, QUESTION, Map.of()))
                    .isInstanceOf(JudgeClient.JudgeException.class)
                    .hasMessage("refused");
        }
    }

    private static Answer answer(String text) {
        return new Answer(text, Duration.ofMillis(3), Money.usd("0.5"), 1L, 1L, false, "stop", "judge", null, false);
    }
}
