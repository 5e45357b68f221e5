package dev.pareto.proxy.hub;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class ModelDownloadTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String FILE = "/acme/tiny-GGUF/resolve/" + COMMIT + "/tiny-Q4_K_M.gguf";

    @RegisterExtension
    final WireMockExtension server = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort())
            .build();

    /** The store that the hub redirects to: another host, as far as a token is concerned. */
    @RegisterExtension
    final WireMockExtension store = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort())
            .build();

    @TempDir
    Path folder;

    private final byte[] content = content();
    private final List<Long> progress = new ArrayList<>();
    private final ModelReference reference = ModelReference.parse("hf:acme/tiny-GGUF");
    private Hub hub;

    @BeforeEach
    void listing() {
        hub = new Hub(URI.create(server.baseUrl()), "hf_secret", Duration.ofSeconds(10));
        server.stubFor(get(urlPathEqualTo("/api/models/acme/tiny-GGUF/revision/main")).willReturn(
                okJson("""
                       {"id": "acme/tiny-GGUF", "sha": "%s", "siblings": [
                         {"rfilename": "README.md"},
                         {"rfilename": "tiny-Q4_K_M.gguf", "size": %d, "lfs": {"sha256": "%s", "size": %2$d, "pointerSize": 134}},
                         {"rfilename": "tiny-Q8_0.gguf", "size": 99, "lfs": {"sha256": "ZEROS", "size": 99}}]}
                       """
                        .replace("ZEROS", "0".repeat(64))
                        .formatted(COMMIT, content.length, sha256(content)))));
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void takesThePreferredQuantisationFollowsTheRedirectAndKeepsTheTokenFromTheStore() throws Exception {
        server.stubFor(get(urlEqualTo(FILE)).withHeader("Authorization", equalTo("Bearer hf_secret"))
                .willReturn(temporaryRedirect(store.baseUrl() + "/blob")));
        store.stubFor(get(urlEqualTo("/blob")).willReturn(aResponse().withBody(content)));

        Path path = pull();

        assertThat(path).hasFileName("tiny-Q4_K_M.gguf").hasBinaryContent(content);
        assertThat(progress.getLast()).isEqualTo(content.length);
        // the client may ask once more where a connection that it kept was closed
        store.verify(getRequestedFor(urlEqualTo("/blob")).withHeader("Authorization", absent()));
        store.verify(0, getRequestedFor(anyUrl()).withHeader("Authorization", matching(".*")));
        assertThat(folder).isDirectoryContaining("glob:**.gguf").isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void continuesAnInterruptedDownloadFromItsLastByte() throws Exception {
        Files.write(part(), Arrays.copyOf(content, 70_000));
        server.stubFor(get(urlEqualTo(FILE)).withHeader("Range", equalTo("bytes=70000-"))
                .willReturn(aResponse().withStatus(206)
                        .withHeader("Content-Range", "bytes 70000-" + (content.length - 1) + "/" + content.length)
                        .withBody(Arrays.copyOfRange(content, 70_000, content.length))));

        assertThat(pull()).hasBinaryContent(content);
        assertThat(progress.getFirst()).isGreaterThan(70_000);
    }

    @Test
    void startsAgainWhenTheHubIgnoresTheOffset() throws Exception {
        Files.write(part(), new byte[70_000]);
        server.stubFor(get(urlEqualTo(FILE)).willReturn(aResponse().withBody(content)));

        assertThat(pull()).hasBinaryContent(content);
    }

    @Test
    void refusesDamagedContentAndDeletesIt() {
        byte[] damaged = content.clone();
        damaged[5] ^= 1;
        server.stubFor(get(urlEqualTo(FILE)).willReturn(aResponse().withBody(damaged)));

        assertThatThrownBy(this::pull).isInstanceOf(HubException.class).hasMessageContaining("arrived damaged");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void keepsThePartWhenTheConnectionBreaksAndSaysHowToContinue() throws Exception {
        Files.write(part(), Arrays.copyOf(content, 1_000));
        server.stubFor(get(urlEqualTo(FILE)).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(this::pull).isInstanceOf(HubException.class)
                .hasMessageContaining("run the same command again to continue");
        assertThat(part()).hasSize(1_000);
    }

    @Test
    void givesUpOnAHubThatFallsSilentAndKeepsWhatArrived() throws Exception {
        try (var silent = new SilentServer(Arrays.copyOf(content, 1_000), content.length)) {
            server.stubFor(get(urlEqualTo(FILE)).willReturn(temporaryRedirect(silent.address())));

            assertThatThrownBy(() -> pull(Duration.ofMillis(40))).isInstanceOf(HubException.class)
                    .hasMessageContaining("broke off");
        }
        assertThat(part()).hasSize(1_000);
    }

    @Test
    void neverOverwritesAnotherFile() throws Exception {
        Files.writeString(folder.resolve("tiny-Q4_K_M.gguf"), "mine");

        assertThatThrownBy(this::pull).isInstanceOf(HubException.class).hasMessageContaining("is another file");
        assertThat(folder.resolve("tiny-Q4_K_M.gguf")).hasContent("mine");
    }

    @Test
    void refusesAFileThatTheDiskCannotHold() {
        server.stubFor(get(urlPathEqualTo("/api/models/acme/tiny-GGUF/revision/main"))
                .willReturn(okJson("""
                                   {"sha": "%s", "siblings": [{"rfilename": "huge.gguf", "size": 900000000000000}]}"""
                        .formatted(COMMIT))));

        assertThatThrownBy(this::pull).isInstanceOf(HubException.class).hasMessageContaining("MB free");
    }

    @Test
    void tellsWhatAGatedRepositoryNeeds() {
        server.stubFor(get(urlPathEqualTo("/api/models/acme/tiny-GGUF/revision/main"))
                .willReturn(aResponse().withStatus(403)));

        assertThatThrownBy(this::pull).hasMessageContaining("accept its licence").hasMessageContaining("HF_TOKEN");
    }

    @Test
    void listsTheChoicesWhenNothingMatches() {
        assertThatThrownBy(() -> hub.files(reference).select(ModelReference.parse("hf:acme/tiny-GGUF:Q5_K_M")))
                .hasMessageContaining("matches no file")
                .hasMessageContaining("tiny-Q8_0.gguf");
    }

    @Test
    void selectsAllPartsOfASplitModel() {
        var files = new HubFiles(COMMIT, List.of(new HubFile("big-Q8_0-00001-of-00002.gguf", 1, null),
                new HubFile("big-Q8_0-00002-of-00002.gguf", 1, null), new HubFile("big-Q4_0.gguf", 1, null)));

        assertThat(files.select(ModelReference.parse("hf:a/b:q8_0"))).extracting(HubFile::name)
                .containsExactly("big-Q8_0-00001-of-00002.gguf", "big-Q8_0-00002-of-00002.gguf");
    }

    @Test
    void asksForOddNamesByTheirAddress() throws Exception {
        server.stubFor(get(urlPathEqualTo("/acme/tiny-GGUF/resolve/" + COMMIT + "/a%20b%23%25%3F.gguf"))
                .willReturn(aResponse().withBody(content)));
        var file = new HubFile("a b#%?.gguf", content.length, sha256(content));

        try (var body = hub.open(reference, COMMIT, file, 0).body()) {
            assertThat(body.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void refusesWhatAHubCannotMean() {
        assertThatThrownBy(() -> new HubFile("a\u001b[31m.gguf", 1, null)).isInstanceOf(HubException.class)
                .hasMessageNotContaining("\u001b");
        assertThatThrownBy(() -> new HubFile("a.gguf", 1, "00")).hasMessageContaining("no SHA-256");
        assertThatThrownBy(() -> new HubFile("../a.gguf", 1, null)).hasMessageContaining("outside");
    }

    @Test
    void refusesReferencesThatCouldLeaveTheRepository() {
        for (String hostile : List.of("hf:a/../b", "hf:a/b:../../etc/passwd", "hf:a/b?x=1", "http://evil/x", "hf:a",
                "hf:a/b:/etc/passwd")) {
            assertThatThrownBy(() -> ModelReference.parse(hostile)).isInstanceOf(HubException.class);
        }
    }

    private Path pull() throws IOException, InterruptedException {
        return pull(Duration.ofSeconds(10));
    }

    private Path pull(Duration idleLimit) throws IOException, InterruptedException {
        HubFiles files = hub.files(reference);
        return new ModelDownload(hub, folder, idleLimit, (_, done) -> progress.add(done)).download(reference,
                files.revision(), files.select(reference).getFirst());
    }

    private Path part() {
        return folder.resolve("tiny-Q4_K_M.gguf." + sha256(content).substring(0, 7) + ".part");
    }

    /** Sends the beginning of a body, then nothing, and keeps the connection open. */
    private record SilentServer(ServerSocket socket, byte[] beginning, int length) implements AutoCloseable {

        SilentServer(byte[] beginning, int length) throws IOException {
            this(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()), beginning, length);
            Thread.ofVirtual().start(this::serve);
        }

        String address() {
            return "http://localhost:" + socket.getLocalPort() + "/";
        }

        private void serve() {
            var open = new ArrayList<Socket>();
            try {
                while (true) {
                    Socket connection = socket.accept();
                    open.add(connection);
                    connection.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    connection.getOutputStream().write(beginning);
                }
            } catch (IOException _) {
                open.forEach(SilentServer::close);
            }
        }

        private static void close(Socket connection) {
            try {
                connection.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static byte[] content() {
        byte[] bytes = new byte[200_000];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
