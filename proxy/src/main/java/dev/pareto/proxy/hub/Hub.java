package dev.pareto.proxy.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model hub that speaks the Hugging Face API. Thread-safe. */
public final class Hub implements AutoCloseable {

    private static final int LISTING_LIMIT = 16 << 20;
    private static final int REDIRECT_LIMIT = 5;

    private final URI base;
    private final @Nullable String token;
    private final Duration answerLimit;
    private final HttpClient http;
    private final JsonMapper json = new JsonMapper();

    /**
     * @param token sent to the hub's own host only, never to the stores that it redirects to
     * @param answerLimit how long to wait for a connection and for an answer to begin
     */
    public Hub(URI base, @Nullable String token, Duration answerLimit) {
        this.base = base;
        this.token = token;
        this.answerLimit = answerLimit;
        this.http = HttpClient.newBuilder()
                .connectTimeout(answerLimit)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The repository's GGUF files at its newest commit. */
    public HubFiles files(ModelReference reference) throws InterruptedException {
        URI address = base.resolve("/api/models/" + reference.owner() + "/" + reference.repository()
                + "/revision/main?blobs=true");
        try (InputStream body = get(address, 0, reference).body()) {
            byte[] bytes = body.readNBytes(LISTING_LIMIT + 1);
            if (bytes.length > LISTING_LIMIT) {
                throw new HubException("the hub's listing of " + reference + " is larger than 16 MiB");
            }
            return parse(json.readTree(bytes), reference);
        } catch (JacksonException malformed) {
            throw new HubException("the hub answered something that is not its API for " + reference, malformed);
        } catch (IOException failed) {
            throw new HubException("could not reach " + base.getHost() + ": " + failed.getMessage(), failed);
        }
    }

    private static HubFiles parse(JsonNode repository, ModelReference reference) {
        String revision = repository.path("sha").asString("");
        if (!revision.matches("[0-9a-f]{7,64}")) {
            throw new HubException("the hub names no commit for " + reference);
        }
        var files = new ArrayList<HubFile>();
        for (JsonNode sibling : repository.path("siblings")) {
            String path = sibling.path("rfilename").asString("");
            if (HubFiles.isModel(path)) {
                String sha256 = sibling.path("lfs").path("sha256").asString("");
                files.add(new HubFile(path, sibling.path("size").asLong(-1), sha256.isEmpty() ? null : sha256));
            }
        }
        return new HubFiles(revision, files);
    }

    /** Opens the file's content from a byte on; status 206 when the hub honours the offset, else 200 from the start. */
    HttpResponse<InputStream> open(ModelReference reference, String revision, HubFile file, long from)
            throws IOException, InterruptedException {
        return get(base.resolve(escaped("/" + reference.owner() + "/" + reference.repository() + "/resolve/" + revision
                + "/" + file.path())), from, reference);
    }

    private static String escaped(String path) {
        try {
            return new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException unaddressable) {
            throw new HubException("the hub names a file that no address can lead to: " + path, unaddressable);
        }
    }

    private HttpResponse<InputStream> get(URI address, long from, ModelReference reference)
            throws IOException, InterruptedException {
        URI at = address;
        for (int hop = 0; hop <= REDIRECT_LIMIT; hop++) {
            var request = HttpRequest.newBuilder(at).timeout(answerLimit).header("User-Agent", "pareto");
            if (from > 0) {
                request.header("Range", "bytes=" + from + "-");
            }
            if (token != null && base.getAuthority().equals(at.getAuthority())) {
                request.header("Authorization", "Bearer " + token);
            }
            HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
            if (response.statusCode() / 100 != 3) {
                return checked(response, reference);
            }
            response.body().close();
            at = redirected(at, response);
        }
        throw new HubException("more than " + REDIRECT_LIMIT + " redirects for " + reference);
    }

    private URI redirected(URI from, HttpResponse<?> response) {
        URI to = from.resolve(response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new HubException("the hub redirects without saying where to")));
        boolean sameScheme = base.getScheme().equals(to.getScheme());
        if (!sameScheme && !"https".equals(to.getScheme())) {
            throw new HubException("the hub redirects to an address that is not https: " + to);
        }
        return to;
    }

    private HttpResponse<InputStream> checked(HttpResponse<InputStream> response, ModelReference reference)
            throws IOException {
        int status = response.statusCode();
        if (status == 200 || status == 206) {
            return response;
        }
        response.body().close();
        if (status == 429 || status >= 500) {
            throw new IOException("the hub answered " + status);
        }
        throw switch (status) {
            case 401, 403 -> new HubException(reference + " needs permission (" + status
                    + "): accept its licence on the hub and set HF_TOKEN to an access token");
            case 404 -> new HubException(reference + " was not found on " + base.getHost());
            default -> new HubException("the hub answered " + status + " for " + reference);
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
