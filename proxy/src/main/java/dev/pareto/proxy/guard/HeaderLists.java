package dev.pareto.proxy.guard;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Which headers go on, in both directions; everything else stays here: hop-by-hop headers, cookies, {@code X-Forwarded-*},
 * {@code Accept-Encoding} (so that answers come readable) and whatever a vendor says about its servers.
 */
public final class HeaderLists {

    private static final Set<String> TO_VENDOR = Set.of("content-type", "accept", "user-agent", "openai-organization",
            "openai-project", "openai-beta", "idempotency-key", "x-client-request-id", "accept-language");
    private static final List<String> TO_VENDOR_PREFIXES = List.of("x-stainless-");

    private static final Set<String> TO_CALLER = Set.of("content-type", "content-encoding", "content-disposition",
            "cache-control", "retry-after", "retry-after-ms", "x-should-retry", "x-request-id", "openai-version",
            "openai-organization", "openai-processing-ms", "openai-model", "pareto-synthetic");
    private static final List<String> TO_CALLER_PREFIXES = List.of("x-ratelimit-");

    private HeaderLists() {}

    /** What of a caller's headers a vendor gets; never the authorization, which {@code key} decides. */
    public static HttpHeaders toVendor(HttpHeaders callers) {
        return pick(callers, TO_VENDOR, TO_VENDOR_PREFIXES);
    }

    /** What of a vendor's headers the caller gets. */
    public static HttpHeaders toCaller(HttpHeaders vendors) {
        return pick(vendors, TO_CALLER, TO_CALLER_PREFIXES);
    }

    public static boolean goesToVendor(String name) {
        return listed(name.toLowerCase(Locale.ROOT), TO_VENDOR, TO_VENDOR_PREFIXES);
    }

    public static boolean goesToCaller(String name) {
        return listed(name.toLowerCase(Locale.ROOT), TO_CALLER, TO_CALLER_PREFIXES);
    }

    private static HttpHeaders pick(HttpHeaders source, Set<String> names, List<String> prefixes) {
        HttpHeaders picked = new DefaultHttpHeaders();
        for (Map.Entry<String, String> header : source) {
            if (listed(header.getKey().toLowerCase(Locale.ROOT), names, prefixes)) {
                picked.add(header.getKey(), header.getValue());
            }
        }
        return picked;
    }

    private static boolean listed(String name, Set<String> names, List<String> prefixes) {
        if (names.contains(name)) {
            return true;
        }
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
