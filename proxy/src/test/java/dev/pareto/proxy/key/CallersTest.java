package dev.pareto.proxy.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.GatewaySettings.CallerKey;
import dev.pareto.proxy.dialect.openai.RefusedException;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;

final class CallersTest {

    private static final List<CallerKey> KEYS = List
            .of(new CallerKey("ci", new Secret("pk-pareto-abc"), "team-a", Map.of("team", "a")));

    private static HttpHeaders bearer(String key) {
        return new DefaultHttpHeaders().add("Authorization", "Bearer " + key);
    }

    @Test
    void handsTheCallersOwnVendorKeyThroughUnderATenantMadeFromItsHash() {
        Callers open = new Callers(List::of);

        Caller caller = open.identify(bearer("sk-vendor"));

        assertThat(Objects.requireNonNull(caller.authorization()).reveal()).isEqualTo("Bearer sk-vendor");
        assertThat(caller.tenant()).startsWith("key-")
                .doesNotContain("sk-vendor")
                .isEqualTo(open.identify(bearer("sk-vendor")).tenant())
                .isNotEqualTo(open.identify(bearer("sk-vendor2")).tenant());
        assertThat(caller.toString()).doesNotContain("sk-vendor");
        assertThat(open.identify(new DefaultHttpHeaders()).tenant()).isEqualTo("anonymous");
    }

    @Test
    void knowsParetoKeysAndNeverPassesThemOn() {
        Caller caller = new Callers(() -> KEYS).identify(bearer("pk-pareto-abc"));

        assertThat(caller.tenant()).isEqualTo("team-a");
        assertThat(caller.tags()).containsEntry("team", "a");
        assertThat(caller.authorization()).isNull();
    }

    @Test
    void followsTheKeysInForce() {
        AtomicReference<List<CallerKey>> keys = new AtomicReference<>(List.of());
        Callers callers = new Callers(keys::get);
        assertThat(callers.identify(bearer("sk-vendor")).tenant()).startsWith("key-");

        keys.set(KEYS);
        assertThatThrownBy(() -> callers.identify(bearer("sk-vendor"))).isInstanceOf(RefusedException.class);
        assertThat(callers.identify(bearer("pk-pareto-abc")).tenant()).isEqualTo("team-a");

        keys.set(List.of(new CallerKey("ci", new Secret("pk-pareto-new"), "team-b", Map.of())));
        assertThatThrownBy(() -> callers.identify(bearer("pk-pareto-abc"))).isInstanceOf(RefusedException.class);
        assertThat(callers.identify(bearer("pk-pareto-new")).tenant()).isEqualTo("team-b");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        for (HttpHeaders headers : List.of(bearer("pk-pareto-ab"), bearer("pk-pareto-abcd"), bearer("sk-vendor"),
                new DefaultHttpHeaders())) {
            assertThatThrownBy(() -> new Callers(() -> KEYS).identify(headers)).isInstanceOfSatisfying(
                    RefusedException.class,
                    refused -> assertThat(refused.error().status()).isEqualTo(401));
        }
        assertThatThrownBy(() -> new Callers(List::of).identify(bearer("pk-pareto-wrong")))
                .isInstanceOf(RefusedException.class);
    }
}
