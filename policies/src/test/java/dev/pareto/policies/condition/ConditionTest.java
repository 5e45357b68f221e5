package dev.pareto.policies.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.condition.Condition.Answer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConditionTest {

    private static final Conditions CONDITIONS = new Conditions();
    private static final Answer YES = new Answer.Holds();
    private static final Answer NO = new Answer.HoldsNot();

    /** A Friday evening in Berlin, still afternoon in UTC. */
    private static final Facts FACTS = new Facts("support", "acme", Map.of("tier", "gold", "team", "search"),
            Map.of("x-app", "shop"), 9_000, 0, true, false, "medical", "de", Instant.parse("2026-11-20T17:30:00Z"));

    private record Facts(String route, String tenant, Map<String, String> tags, Map<String, String> headers, int tokens,
            int maxOutputTokens, boolean tools, boolean stream, String dataClass, String language,
            Instant now) implements ConditionFacts {}

    @Test
    void everyFactCanBeAskedFor() {
        for (String holds : new String[]{"route == 'support'", "tenant in ['acme', 'other']", "tags.tier == \"gold\"",
                "tags['team'].startsWith('sea')", "headers['x-app'] == 'shop'", "headers.exists(h, true) || true",
                "tokens > 8000 && tools && !stream", "max_output_tokens == 0", "data_class == 'medical'",
                "language != 'en'", "'tier' in tags && !('absent' in tags)", "!has(tags.absent)",
                "tags.team.matches('^s[a-z]+h$')", "tags.exists(name, name == 'tier')"}) {
            if (holds.startsWith("headers.exists")) {
                assertThatThrownBy(() -> CONDITIONS.compile(holds)).hasMessageContaining("asked for by name");
            } else {
                assertThat(ask(holds)).as(holds).isEqualTo(YES);
            }
        }
    }

    @Test
    void timeKnowsZonesAndSummerTime() {
        assertThat(ask("now.getHours('Europe/Berlin') == 18")).isEqualTo(YES);
        assertThat(ask("now.getHours() == 17")).isEqualTo(YES);
        assertThat(ask("now.getDayOfWeek('Europe/Berlin') in [1, 2, 3, 4, 5]")).isEqualTo(YES);
        assertThat(ask("now.getDayOfWeek('Pacific/Auckland') == 6")).as("Saturday there").isEqualTo(YES);
        assertThat(ask("now < timestamp('2027-01-01T00:00:00Z')")).isEqualTo(YES);
    }

    @Test
    void whatIsNotThereHoldsNot() {
        assertThat(ask("tags.absent == 'x'")).isEqualTo(NO);
        assertThat(ask("tags['absent'] != 'x'")).isEqualTo(NO);
        assertThat(ask("headers['x-absent'] == 'x'")).isEqualTo(NO);
        assertThat(ask("tags.absent == 'x' || tokens > 1")).isEqualTo(YES);
    }

    @Test
    void whatCannotBeEvaluatedFailsAndSaysWhy() {
        assertThat(ask("1 / max_output_tokens > 0")).isInstanceOf(Answer.Failed.class);
        assertThat(ask("now.getHours('Europe/Nowhere') == 1")).isInstanceOf(Answer.Failed.class);
        assertThat(ask("int(tags.tier) > 3"))
                .isInstanceOfSatisfying(Answer.Failed.class, failed -> assertThat(failed.reason()).isNotBlank());
    }

    @Test
    void onlyTheHeadersThatAreNamedAreNeeded() {
        assertThat(CONDITIONS.compile("headers['x-app'] == 'a' || 'x-b' in headers || has(headers.c)").headers())
                .containsExactlyInAnyOrder("x-app", "x-b", "c");
        assertThat(CONDITIONS.compile("tokens > 1").headers()).isEmpty();
        refused("headers['Authorization'] == 'x'", "lower case");
        refused("headers['authorization'] == 'x'", "carries a secret");
        refused("headers[route] == 'x'", "asked for by name");
        refused("size(headers) > 1", "asked for by name");
    }

    @Test
    void mistakesAreToldWhereTheyAreAndHowToMendThem() {
        refused("token > 5", "column 1: 'token' is not known; did you mean 'tokens'?");
        refused("tokens > 5 &&\n  tier == 'gold'", "line 2, column 3: 'tier' is not known");
        refused("tokens > 'many'", "column 8: found no matching overload");
        refused("tokens + 1", "expected type 'bool'");
        refused("tokens >", "column 9: mismatched input");
        refused(" ", "write a condition");
        refused("prompt.contains('x')", "'prompt' is not known");
        refused("tokens > 1".repeat(300), "");
        refused("(".repeat(100) + "tools" + ")".repeat(100), "");
    }

    @Test
    void loopsAndExpressionsAreBounded() {
        StringBuilder list = new StringBuilder("[0");
        for (int i = 1; i < 100; i++) {
            list.append(',').append(i);
        }
        String nested = list + "].all(a, " + list + "].all(b, a + b >= 0))";
        assertThat(ask(nested)).as("a hundred times a hundred steps").isInstanceOf(Answer.Failed.class);
    }

    @Test
    void equalTextsAreEqualConditions() {
        assertThat(CONDITIONS.compile("tools")).isEqualTo(CONDITIONS.compile("tools"))
                .hasSameHashCodeAs(CONDITIONS.compile("tools"))
                .isNotEqualTo(CONDITIONS.compile("stream"))
                .hasToString("tools");
    }

    private static Answer ask(String condition) {
        return CONDITIONS.compile(condition).test(FACTS);
    }

    private static void refused(String condition, String message) {
        assertThatThrownBy(() -> CONDITIONS.compile(condition)).as(condition)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
