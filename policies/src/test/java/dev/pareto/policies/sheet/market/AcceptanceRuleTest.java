package dev.pareto.policies.sheet.market;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.sheet.Finding;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which proposals need no person. */
final class AcceptanceRuleTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final AcceptanceRule rule = new AcceptanceRule(BigDecimal.valueOf(5), 2);

    @Test
    void aSmallChangeThatTwoCataloguesReportIsAccepted() {
        assertThat(rule.accepts(proposal("5", List.of("litellm", "models.dev"), List.of()))).isTrue();
        assertThat(rule.accepts(proposal("-5", List.of("litellm", "models.dev"), List.of()))).isTrue();
    }

    @Test
    void aLargerOneIsNot() {
        assertThat(rule.accepts(proposal("5.0001", List.of("litellm", "models.dev"), List.of()))).isFalse();
        assertThat(rule.accepts(proposal("-5.0001", List.of("litellm", "models.dev"), List.of()))).isFalse();
    }

    @Test
    void theSameCatalogueTwiceIsOne() {
        assertThat(rule.accepts(proposal("1", List.of("litellm", "litellm"), List.of()))).isFalse();
        assertThat(new AcceptanceRule(BigDecimal.valueOf(5), 1)
                .accepts(proposal("1", List.of("litellm"), List.of()))).isTrue();
    }

    @Test
    void aPriceThatWasNoneBeforeIsLookedAtByAPerson() {
        assertThat(rule.accepts(proposal(null, List.of("litellm", "models.dev"), List.of()))).isFalse();
    }

    @Test
    void whatALintObjectsToIsLookedAtByAPerson() {
        var finding = new Finding(Finding.Severity.WARNING, "r", "x/y", "odd");

        assertThat(rule.accepts(proposal("1", List.of("litellm", "models.dev"), List.of(finding)))).isFalse();
    }

    @Test
    void whatWasDecidedStaysDecided() {
        Proposal rejected = proposal("1", List.of("litellm", "models.dev"), List.of())
                .decided(Proposal.State.REJECTED, NOW, "ann", "no");

        assertThat(rejected.reason()).isEqualTo("no");
        assertThat(rule.accepts(rejected)).isFalse();
    }

    private static Proposal proposal(@Nullable String percent, List<String> sources, List<Finding> findings) {
        var change = new Proposal.Change("input", 0, percent == null ? null : BigDecimal.ONE, BigDecimal.ONE,
                UnitPrice.MILLION, percent == null ? null : new BigDecimal(percent));
        return new Proposal("a", "x/y", "standard", null, null,
                List.of(new PriceBand(0, List.of(), new TreeMap<>(Map.of("input", UnitPrice.perMillion("1"))))),
                List.of(change),
                sources.stream().map(name -> new Proposal.Source(name, LocalDate.of(2026, 11, 20))).toList(), findings,
                Proposal.State.OPEN, NOW, null, null, null);
    }
}
