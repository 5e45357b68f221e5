package dev.pareto.proxy.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

import dev.pareto.policies.cascade.AcceptanceRates;
import dev.pareto.policies.catalog.ModelId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AcceptanceFileTest {

    private static final ModelId FIRST = ModelId.parse("local/small");

    @TempDir
    private Path folder = Path.of("");

    private AcceptanceFile file(AcceptanceRates rates) {
        return new AcceptanceFile(folder, rates, Executors.newSingleThreadScheduledExecutor());
    }

    @Test
    void theNextStartKnowsHowOftenAnswersPassed() {
        AcceptanceRates rates = new AcceptanceRates();
        try (AcceptanceFile _ = file(rates)) {
            for (int i = 0; i < 50; i++) {
                rates.judged("r", FIRST, 300, i % 5 != 0);
            }
        }
        AcceptanceRates next = new AcceptanceRates();
        try (AcceptanceFile _ = file(next)) {
            assertThat(next.of("r", FIRST, 300)).isEqualTo(rates.of("r", FIRST, 300));
            assertThat(next.of("r", FIRST, 300).known()).isTrue();
            assertThat(next.of("other", FIRST, 300).known()).isFalse();
        }
    }

    @Test
    void aDamagedFileIsNoReasonNotToStart() throws IOException {
        Files.writeString(folder.resolve("acceptance.json"),
                "{\"rates\":[{\"route\":\"r\",\"first\":\"local/small\",\"size\":2,\"accepted\":9,\"judged\":3}]}");
        AcceptanceRates rates = new AcceptanceRates();
        try (AcceptanceFile _ = file(rates)) {
            assertThat(rates.of("r", FIRST, 300).known()).isFalse();
        }
    }
}
