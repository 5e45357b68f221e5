package dev.pareto.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;

import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A caller's idempotency key names one request to one model. */
final class IdempotencyKeyTest {

    @Test
    void itGoesToTheFirstModelAndItsRepetitionsAlone(@TempDir Path folder) {
        try (FakeVendor flaky = new FakeVendor().answers(Script.json(503, "{\"error\":{\"message\":\"busy\"}}"));
                FakeVendor backup = new FakeVendor().answers(Payloads::openAi);
                Gateway gateway = Gateway.start(folder,
                        """
                        vendors:
                          flaky: {dialect: openai, url: '%s', retries: 1, models: [one, two]}
                          backup: {dialect: openai, url: '%s', retries: 1, models: [spare]}
                        routes:
                          helpdesk: {candidates: [flaky/one], fallbacks: [flaky/two, backup/spare]}
                        """.formatted(flaky.url(), backup.url()))) {
            HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions",
                    Payloads.CHAT.replace("gpt-4o", "helpdesk"), "Idempotency-Key", "order-7");

            assertThat(answer.headers().firstValue("Pareto-Model")).contains("backup/spare");
            assertThat(flaky.seen()).extracting(call -> (call.body().contains("\"one\"") ? "one " : "two ")
                    + call.headers().get("Idempotency-Key", "-"))
                    .containsExactly("one order-7", "one order-7", "two -", "two -");
            assertThat(backup.seen()).singleElement()
                    .satisfies(call -> assertThat(call.headers().get("Idempotency-Key")).isNull());
        }
    }
}
