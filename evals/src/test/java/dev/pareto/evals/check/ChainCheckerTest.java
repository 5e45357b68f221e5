package dev.pareto.evals.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class ChainCheckerTest {

    private final List<ObjectNode> chain = new ArrayList<>();
    private final String newest;

    ChainCheckerTest() {
        String previous = null;
        for (int i = 0; i < 5; i++) {
            ObjectNode verdict = verdict("v" + i, previous);
            chain.add(verdict);
            previous = verdict.get("sha256").stringValue();
        }
        newest = String.valueOf(previous);
    }

    @Test
    void aWholeChainHolds() {
        assertThat(wrong(newest)).isEmpty();
        assertThat(wrong(null)).isEmpty();
        chain.clear();
        assertThat(wrong(null)).isEmpty();
    }

    @Test
    void aChangedVerdictIsNamed() {
        chain.get(2).put("sentence", "all is well");
        assertThat(wrong(newest)).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("verdict v2.sha256");
            assertThat(finding.computed()).endsWith("it was changed after it was sealed");
        });
    }

    @Test
    void aVerdictThatWasChangedAndSealedAgainIsNamed() {
        seal(chain.get(2).put("sentence", "all is well"));
        assertThat(wrong(newest)).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("verdict v3.previous_sha256");
            assertThat(finding.computed()).endsWith("or verdict v2 was changed and sealed again");
        });
    }

    @Test
    void aRemovedVerdictIsNamedByTheOneBehindIt() {
        chain.remove(2);
        assertThat(wrong(newest)).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("verdict v3.previous_sha256");
            assertThat(finding.computed()).contains("a verdict between was removed");
        });
    }

    @Test
    void theFirstAndTheLastAreMissedToo() {
        JsonNode last = chain.removeLast();
        assertThat(wrong(null)).as("nobody can tell without a witness").isEmpty();
        assertThat(wrong(newest)).extracting(Finding::what).containsExactly("the newest");
        chain.add((ObjectNode) last);
        chain.removeFirst();
        assertThat(wrong(newest)).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("verdict v1.previous_sha256");
            assertThat(finding.computed()).contains("what it follows was removed");
        });
    }

    @Test
    void movedVerdictsAreNamed() {
        ObjectNode moved = chain.remove(1);
        chain.add(3, moved);
        assertThat(wrong(newest)).extracting(Finding::what)
                .containsExactly("verdict v2.previous_sha256", "verdict v1.previous_sha256",
                        "verdict v4.previous_sha256");
        assertThat(wrong(newest).getFirst().computed())
                .contains("it follows verdict v1, which stands behind it: they were reordered");
    }

    @Test
    void aVerdictThatWasSlippedInIsNamed() {
        chain.add(3, verdict("x", chain.get(2).get("sha256").stringValue()));
        assertThat(wrong(newest)).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("verdict v3.previous_sha256");
            assertThat(finding.computed()).contains("it follows verdict v2: what stands between was slipped in");
        });
    }

    @Test
    void aVerdictThatFollowsNoneIsNamed() {
        chain.add(verdict("x", null));
        assertThat(wrong(null)).singleElement()
                .satisfies(finding -> assertThat(finding.computed())
                        .contains("it follows none, and verdict v4 was filed before it"));
    }

    private List<Finding> wrong(@Nullable String kept) {
        return new ChainChecker().check(chain, kept).stream().filter(finding -> !finding.holds()).toList();
    }

    private static ObjectNode verdict(String id, @Nullable String previous) {
        ObjectNode verdict = JsonMapper.shared().createObjectNode();
        verdict.put("id", id).put("sentence", "as it is").put("previous_sha256", previous);
        return seal(verdict);
    }

    private static ObjectNode seal(ObjectNode verdict) {
        return verdict.put("sha256", BindingCheck.seal(verdict));
    }
}
