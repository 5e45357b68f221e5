package dev.pareto.proxy.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.GatewaySettings.CallerKey;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Tells who calls, from the {@code Authorization} header. Thread-safe. */
public final class Callers {

    /** What every Pareto key begins with, so that one that strays is recognised. */
    public static final String PREFIX = "pk-pareto-";

    private static final String BEARER = "Bearer ";
    private static final String ANONYMOUS = "anonymous";
    private static final int TENANT_HEX = 16;

    private final Supplier<List<CallerKey>> configured;
    private volatile Door door = new Door(List.of(), KeyRing.EMPTY);

    /** The keys of one configuration, hashed once. */
    private record Door(List<CallerKey> keys, KeyRing ring) {}

    /**
     * @param configured the keys in force, asked for each time; with any, only they get in, otherwise a caller's own vendor key
     *            is handed through
     */
    public Callers(Supplier<List<CallerKey>> configured) {
        this.configured = configured;
    }

    /** @throws RefusedException with status 401 when a Pareto key is needed or given, and not known */
    public Caller identify(HttpHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        String token = token(authorization);
        Door now = door();
        boolean keysRequired = !now.keys().isEmpty();
        if (token.isEmpty()) {
            if (keysRequired) {
                throw refused(
                        "You didn't provide an API key. Send a Pareto key: Authorization: Bearer " + PREFIX + "…");
            }
            return new Caller(ANONYMOUS, Map.of(), null);
        }
        String hash = sha256(token);
        if (keysRequired || token.startsWith(PREFIX)) {
            KeyRing.StoredKey key = known(now.ring(), hash);
            return new Caller(key.tenant(), key.tags(), null);
        }
        return new Caller("key-" + hash.substring(0, TENANT_HEX), Map.of(), new Secret(String.valueOf(authorization)));
    }

    /** The hash under which a key is stored; a random key of 32 bytes needs no slow hash. */
    public static String sha256(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** The keys are hashed anew only when a reload brought others; the same list is told at once. */
    private Door door() {
        List<CallerKey> keys = configured.get();
        Door now = door;
        if (!now.keys().equals(keys)) {
            now = new Door(keys, KeyRing.of(keys));
            door = now;
        }
        return now;
    }

    private static KeyRing.StoredKey known(KeyRing ring, String hash) {
        KeyRing.StoredKey found = ring.find(hash);
        if (found == null || !MessageDigest.isEqual(ascii(hash), ascii(found.sha256()))) {
            throw refused("Incorrect API key provided. The key is not known to this gateway or was revoked.");
        }
        return found;
    }

    private static String token(@Nullable String authorization) {
        if (authorization == null) {
            return "";
        }
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : authorization.strip();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static RefusedException refused(String message) {
        return new RefusedException(OpenAiError.refused(401, "invalid_api_key", message));
    }
}
