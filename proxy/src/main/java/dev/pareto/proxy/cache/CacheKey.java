package dev.pareto.proxy.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

import dev.pareto.proxy.dialect.openai.Json;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Names one question of one tenant on one route: the SHA-256 of all three, the request written with sorted names and no blanks,
 * so that two spellings of one question are one. Made only by {@link #of}.
 */
public final class CacheKey {

    private static final JsonMapper SORTED = Json.mapper()
            .rebuild()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final String digest;

    private CacheKey(String digest) {
        this.digest = digest;
    }

    /** @param request a JSON object that was read before, and is therefore known to be one */
    public static CacheKey of(String tenant, String route, String endpoint, byte[] request) {
        if (tenant.isEmpty()) {
            throw new IllegalArgumentException("a cache key needs a tenant");
        }
        byte[] canonical = SORTED.writeValueAsBytes(SORTED.readValue(request, TreeMap.class));
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : new String[]{tenant, route, endpoint}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                // lengths keep ("a", "bc") and ("ab", "c") apart
                sha.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                sha.update(bytes);
            }
            sha.update(canonical);
            return new CacheKey(HexFormat.of().formatHex(sha.digest()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey key && digest.equals(key.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return digest;
    }
}
