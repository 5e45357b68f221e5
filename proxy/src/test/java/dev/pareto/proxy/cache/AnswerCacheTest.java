package dev.pareto.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.CachePolicy;

import org.junit.jupiter.api.Test;

final class AnswerCacheTest {

    private static final CachePolicy POLICY = new CachePolicy(true, Duration.ofMinutes(1), 100);

    private final AtomicLong now = new AtomicLong();
    private final AnswerCache cache = new AnswerCache(1 << 20, now::get);

    private static CacheKey key(String tenant, String route, String body) {
        return CacheKey.of(tenant, route, "/v1/chat/completions", body.getBytes(StandardCharsets.UTF_8));
    }

    private static CachedAnswer answer(int bytes) {
        return new CachedAnswer(new Model(new ModelId("v", "m"), false, null, Set.of()), Map.of(), new byte[bytes],
                null);
    }

    @Test
    void takesTwoSpellingsOfOneQuestionForOne() {
        assertThat(key("t", "r", "{\"a\":1,\"b\":[1,2]}")).isEqualTo(key("t", "r", "{ \"b\" : [1, 2], \"a\":1}"));
        assertThat(key("t", "r", "{\"a\":1}")).isNotEqualTo(key("t", "r", "{\"a\":2}"))
                .isNotEqualTo(key("t", "r", "{\"a\":1.0}"));
    }

    @Test
    void neverCrossesTenantsOrRoutes() {
        CacheKey mine = key("tenant", "route", "{}");
        cache.keep("route", POLICY, mine, answer(10));

        assertThat(cache.find("route", mine)).isNotNull();
        assertThat(cache.find("route", key("tenan", "troute", "{}"))).isNull();
        assertThat(cache.find("route", key("other", "route", "{}"))).isNull();
        assertThat(cache.find("other", mine)).isNull();
        assertThatThrownBy(() -> key("", "route", "{}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void forgetsAfterTheRoutesTimeToLive() {
        CacheKey key = key("t", "r", "{}");
        cache.keep("r", POLICY, key, answer(10));
        now.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(cache.find("r", key)).isNotNull();
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(cache.find("r", key)).isNull();
    }

    @Test
    void findsNothingOlderThanIsWished() {
        CacheKey key = key("t", "r", "{}");
        cache.keep("r", POLICY, key, answer(10));
        now.addAndGet(Duration.ofSeconds(30).toNanos());
        assertThat(cache.find("r", key, Duration.ofSeconds(31))).isNotNull();
        assertThat(cache.find("r", key, Duration.ofSeconds(30))).isNull();
        assertThat(cache.find("r", key, Duration.ZERO)).isNull();
        assertThat(cache.find("r", key, null)).isNotNull();
    }

    @Test
    void doesNotKeepVeryLargeAnswers() {
        CacheKey key = key("t", "r", "{}");
        cache.keep("r", POLICY, key, answer(AnswerCache.MAX_ANSWER_BYTES + 1));

        assertThat(cache.find("r", key)).isNull();
    }
}
