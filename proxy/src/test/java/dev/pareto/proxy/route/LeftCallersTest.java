package dev.pareto.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.proxy.limit.Admission;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever leaves while his answer is on its way leaves nothing open behind him. */
final class LeftCallersTest {

    @Test
    void anAnswerFromTheCacheWhoseCallerLeavesIsClosedAndCostsNothing(@TempDir Path folder) throws Exception {
        try (FakeVendor vendor = new FakeVendor().answers(Payloads::openAi);
                Gateway gateway = Gateway.start(folder,
                        """
                        vendors:
                          openai: {dialect: openai, url: '%s', retries: 0}
                        routes:
                          r: {candidates: [openai/gpt-4o], cache: {ttl: 10 min}}
                        """.formatted(vendor.url()));
                Connection other = gateway.bean(SqliteStore.class).connect()) {
            String body = Payloads.CHAT.replace("gpt-4o", "r");
            assertThat(gateway.post("/v1/chat/completions", body).statusCode()).isEqualTo(200);
            gateway.attempts();
            Admission admission = gateway.bean(Admission.class);
            Await.until("nothing is in flight", () -> admission.inFlight() == 0);

            execute(other, "BEGIN IMMEDIATE"); // so that the ledger's row has to wait
            CompletableFuture<HttpResponse<byte[]>> hit = gateway.client()
                    .sendAsync(gateway.request("/v1/chat/completions", body), HttpResponse.BodyHandlers.ofByteArray());
            Await.until("the second call waits for its row", () -> admission.inFlight() == 1);
            hit.cancel(true);
            Await.until("its caller is gone", () -> admission.inFlight() == 0);
            execute(other, "ROLLBACK");

            Await.until("its row is written after all", () -> gateway.attempts().size() == 2);
            assertThat(gateway.attempts()).last()
                    .satisfies(row -> assertThat(row).containsEntry("role", "CACHE_HIT")
                            .containsEntry("state", "ABORTED")
                            .containsEntry("error_code", "client_closed_request"));
            assertThat(gateway.attempts().getLast().get("cost_pico")).hasToString("0");
        }
    }

    private static void execute(Connection connection, String sql) throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
