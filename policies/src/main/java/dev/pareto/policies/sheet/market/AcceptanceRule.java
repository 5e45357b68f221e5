package dev.pareto.policies.sheet.market;

import dev.pareto.policies.sheet.Finding;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Which proposals are accepted without a person: no price changes by more than so much, enough catalogues agree, no lint objects. A
 * price that was none or zero before is never one of them.
 *
 * @param atMostPercent the largest change of a price, up or down
 * @param agreedBy catalogues that report it at least
 */
public record AcceptanceRule(BigDecimal atMostPercent, int agreedBy) {

    public static final int USUAL_CATALOGUES = 2;

    private static final BigDecimal MOST = BigDecimal.valueOf(50);

    public AcceptanceRule {
        if (atMostPercent.signum() <= 0 || atMostPercent.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "at-most is more than 0 % and at most 50 %, not " + atMostPercent.toPlainString() + " %");
        }
        if (agreedBy < 1 || agreedBy > Catalogue.all().size()) {
            throw new IllegalArgumentException(
                    "agreed-by is 1 to " + Catalogue.all().size() + " catalogues, not " + agreedBy);
        }
    }

    public boolean accepts(Proposal proposal) {
        @Nullable
        BigDecimal largest = proposal.largestChange();
        return proposal.state() == Proposal.State.OPEN && largest != null
                && largest.compareTo(atMostPercent) <= 0
                && proposal.sources().stream().map(Proposal.Source::catalogue).distinct().count() >= agreedBy
                && proposal.findings().stream().allMatch(finding -> finding.severity() == Finding.Severity.NOTE);
    }

    /** As it stands for who accepted: {@code rule: at most 5 %, agreed by 2}. */
    public String words() {
        return "rule: at most " + atMostPercent.stripTrailingZeros().toPlainString() + " %, agreed by " + agreedBy;
    }
}
