package dev.pareto.proxy.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.BooleanSupplier;

import dev.pareto.policies.catalog.Secret;
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

    private final BooleanSupplier keysRequired;
    private final KeyRing ring;

    /**
     * @param keysRequired whether only Pareto keys get in now; otherwise a caller's own vendor key is handed through. Asked for
     *            every request: it must not block
     */
    public Callers(BooleanSupplier keysRequired, KeyRing ring) {
        this.keysRequired = keysRequired;
        this.ring = ring;
    }

    /** Whether only Pareto keys get in now. */
    public boolean keysRequired() {
        return keysRequired.getAsBoolean();
    }

    /** @throws RefusedException with status 401 when a Pareto key is needed or given, and not known */
    public Caller identify(HttpHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        String token = token(authorization);
        if (token.isEmpty()) {
            if (keysRequired()) {
                throw refused(
                        "You didn't provide an API key. Send a Pareto key: Authorization: Bearer " + PREFIX + "…");
            }
            return new Caller(ANONYMOUS, Map.of(), null);
        }
        String hash = sha256(token);
        if (keysRequired() || token.startsWith(PREFIX)) {
            KeyRing.Entry key = known(hash);
            return new Caller(key.tenant(), key.tags(), null, key.may(), key.name());
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

    /** Whether two hashes are one, in constant time. */
    public static boolean same(String hash, String other) {
        return MessageDigest.isEqual(ascii(hash), ascii(other));
    }

    private KeyRing.Entry known(String hash) {
        KeyRing.Entry found = ring.find(hash);
        if (found == null || !same(hash, found.sha256())) {
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
