package dev.pareto.evals.suite.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.pareto.policies.catalog.Secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

final class SampleStoreTest {

    private static final SampleKey KEY = key((byte) 1);
    private static final Duration KEEP = Duration.ofDays(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsBackWhatOtherProcessesWrote() throws Exception {
        try (SampleStore store = store(KEY)) {
            assertThat(store.append(sample("1", "a/b", "Where is my order?"))).isTrue();
            assertThat(store.append(sample("2", "a/b", "Thanks."))).isTrue();
            store.append(sample("3", "a_b", "another route"));
        }
        try (SampleStore again = store(KEY)) {
            again.append(sample("4", "a/b", "Hello again."));
            assertThat(again.read("a/b")).containsExactlyInAnyOrder(sample("1", "a/b", "Where is my order?"),
                    sample("2", "a/b", "Thanks."), sample("4", "a/b", "Hello again."));
            assertThat(SampleStore.held(root())).hasSize(2);
        }
    }

    @Test
    void nothingIsReadableAtRest() throws Exception {
        try (SampleStore store = store(KEY)) {
            store.append(sample("1", "r", "My account is 4711"));
        }
        Path file = onlyFile();
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).doesNotContain("account", "4711",
                "user");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        try (SampleStore other = store(key((byte) 2))) {
            assertThatThrownBy(() -> other.read("r")).isInstanceOf(IOException.class)
                    .hasMessageContaining("gateway.samples.key");
        }
    }

    @Test
    void changedBytesAreNoticed() throws Exception {
        try (SampleStore store = store(KEY)) {
            store.append(sample("1", "r", "one"));
        }
        for (int at : new int[]{11, 20, 60}) {
            Path file = onlyFile();
            byte[] bytes = Files.readAllBytes(file);
            bytes[at] ^= 1;
            Files.write(file, bytes);
            assertThatThrownBy(() -> store(KEY).read("r")).as("byte %s", at)
                    .hasMessageContaining("cannot be decrypted");
            bytes[at] ^= 1;
            Files.write(file, bytes);
        }
    }

    @Test
    void aTornEndIsLeftOut() throws Exception {
        try (SampleStore store = store(KEY)) {
            store.append(sample("1", "r", "one"));
            store.append(sample("2", "r", "two"));
        }
        Path file = onlyFile();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 7), StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(store(KEY).read("r")).extracting(Sample::id).containsExactly("1");
    }

    @Test
    void expiredSamplesAreNeitherReadNorKept() throws Exception {
        try (SampleStore store = store(KEY)) {
            store.append(sample("1", "r", "old"));
            now.set(Instant.parse("2026-12-22T23:59:59Z"));
            assertThat(store.read("r")).as("kept to the end of its last day").hasSize(1);
            assertThat(SampleStore.purge(root(), now.get())).isZero();
            now.set(Instant.parse("2026-12-23T00:00:00Z"));
            assertThat(store.read("r")).isEmpty();
            store.append(sample("2", "r", "new"));
            assertThat(SampleStore.held(root())).as("a new day sweeps")
                    .singleElement()
                    .extracting(SampleStore.Held::files)
                    .isEqualTo(1);
            assertThat(store.read("r")).extracting(Sample::id).containsExactly("2");
        }
    }

    @Test
    void aRouteCanBeForgotten() throws Exception {
        try (SampleStore store = store(KEY)) {
            store.append(sample("1", "r", "one"));
            store.append(sample("2", "s", "two"));
            assertThat(SampleStore.forget(root(), "r")).isEqualTo(1);
            assertThat(store.read("r")).isEmpty();
            assertThat(store.read("s")).hasSize(1);
        }
    }

    @Test
    void whatIsTooLargeIsRefused() throws Exception {
        try (SampleStore store = store(KEY)) {
            assertThat(store.append(sample("1", "r", "x".repeat(SampleStore.MAX_SAMPLE_BYTES)))).isFalse();
            assertThat(store.read("r")).isEmpty();
        }
    }

    @Test
    void keysAreChecked() {
        assertThatThrownBy(() -> SampleKey.of(new Secret("hunter2"))).hasMessageContaining("openssl rand -base64 32")
                .hasMessageNotContaining("hunter2");
        assertThat(KEY).hasToString("***");
    }

    private SampleStore store(SampleKey key) {
        return new SampleStore(root(), key, KEEP, now::get, new SecureRandom());
    }

    private Path root() {
        return folder.resolve("samples");
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    static Sample sample(String id, String route, String question) {
        ArrayNode messages = JsonMapper.shared().createArrayNode();
        messages.addObject().put("role", "user").put("content", question);
        return new Sample(id, Instant.parse("2026-11-22T09:00:00Z"), route, messages, new TreeMap<>());
    }

    static SampleKey key(byte fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, fill);
        return SampleKey.of(new Secret(HexFormat.of().formatHex(bytes)));
    }

    static List<Sample> samples(String... questions) {
        return IntStream.range(0, questions.length)
                .mapToObj(i -> sample("s" + i, "support", questions[i]))
                .toList();
    }
}
