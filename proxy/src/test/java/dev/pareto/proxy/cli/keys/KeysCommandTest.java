package dev.pareto.proxy.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.proxy.cli.Ran;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keys made and revoked by the command line, obeyed by a gateway that runs all the while. */
final class KeysCommandTest {

    @TempDir
    private Path folder;

    private String told = "";

    @Test
    void aRunningGatewayObeysAtOnce() {
        try (var vendor = new FakeVendor();
                var gateway = Gateway.start(folder, vendors(vendor), "", Map.of("VENDOR", "sk-vendor"))) {
            vendor.answers(Payloads::openAi);
            assertThat(let(gateway, "sk-anyone")).isTrue();

            String key = keys(0, "create", "ci", "--tenant", "search", "--tag", "team=search").strip();
            assertThat(key).matches("pk-pareto-[A-Za-z0-9_-]{43}");
            assertThat(told).contains("only time").contains("first key").contains("require-keys");
            Await.until("the key is known", () -> let(gateway, key));
            assertThat(let(gateway, "sk-anyone")).isFalse();
            assertThat(gateway.post("/v1/chat/completions", Payloads.CHAT, "Authorization", "Bearer " + key)
                    .statusCode()).isEqualTo(200);
            assertThat(gateway.attempts().getLast()).containsEntry("tenant", "search");

            String prefix = key.substring(0, 16);
            assertThat(keys(0, "list")).contains(prefix).contains("ci").contains("search").doesNotContain(key);
            assertThat(keys(0, "revoke", prefix)).contains(prefix);
            Await.until("the key is refused", () -> !let(gateway, key));
            assertThat(let(gateway, "sk-anyone")).isFalse();
            assertThat(keys(0, "list")).contains("revoked");
        }
    }

    @Test
    void onlyTheHashIsOnDisk() throws IOException {
        String key = keys(0, "create", "ci").strip();

        try (var files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)).doesNotContain(key);
            }
        }
    }

    @Test
    void scriptsGetOneDocument() {
        JsonNode made = new JsonMapper().readTree(keys(0, "create", "ci", "--tag", "team=a", "--json"));
        JsonNode list = new JsonMapper().readTree(keys(0, "list", "--json"));

        assertThat(made.path("key").asString()).startsWith(made.path("prefix").asString());
        assertThat(list).hasSize(1);
        assertThat(list.get(0).path("label").asString()).isEqualTo("ci");
        assertThat(list.get(0).path("tenant").asString()).isEqualTo("ci");
        assertThat(list.get(0).path("tags").path("team").asString()).isEqualTo("a");
        assertThat(list.get(0).path("created").asString()).isNotEmpty();
        assertThat(list.get(0).path("last_used").isNull()).isTrue();
        assertThat(list.get(0).has("key")).isFalse();
        assertThat(list.get(0).has("sha256")).isFalse();
    }

    @Test
    void aKeyIsRevokedByLabelOrWholeAndNeverTwice() {
        String one = keys(0, "create", "twin").strip();
        String two = keys(0, "create", "twin").strip();

        keys(1, "revoke", "twin");
        assertThat(told).contains("2 keys").contains(one.substring(0, 16)).contains(two.substring(0, 16));
        keys(0, "revoke", one);
        keys(1, "revoke", one);
        assertThat(told).contains("keys list").doesNotContain(one);
        assertThat(keys(0, "revoke", "twin")).contains(two.substring(0, 16));
    }

    @Test
    void whatCannotBeDoneIsToldInOneLine() {
        keys(1, "list");
        assertThat(told).contains("pareto.db").contains("--data").hasLineCount(1);
        keys(1, "create", "two words");
        assertThat(told).contains("'two words'").hasLineCount(1);
    }

    private String keys(int status, String command, String... more) {
        var arguments = new ArrayList<>(List.of("keys", command, "--data", folder.resolve("data").toString()));
        arguments.addAll(List.of(more));

        Ran ran = Ran.of(arguments);

        told = ran.err();
        assertThat(ran.status()).as(told).isEqualTo(status);
        return ran.out();
    }

    /** A call with an empty body is refused behind the door; one without a good key at it. */
    private static boolean let(Gateway gateway, String key) {
        int status = gateway.post("/v1/chat/completions", "{}", "Authorization", "Bearer " + key).statusCode();
        assertThat(status).isIn(400, 401);
        return status == 400;
    }

    private static String vendors(FakeVendor vendor) {
        return "vendors: {openai: {dialect: openai, url: '" + vendor.url()
                + "', retries: 0, key: '${VENDOR}'}}\n";
    }
}
