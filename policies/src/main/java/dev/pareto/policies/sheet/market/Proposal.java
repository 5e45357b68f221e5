package dev.pareto.policies.sheet.market;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.sheet.Finding;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A price that catalogues report and the book does not have. It changes nothing until somebody accepts it.
 *
 * @param id short and stable: the same price of the same thing has the same id
 * @param sku the thing sold
 * @param serviceTier as in the price book
 * @param replaces the price version in force when it was proposed; null when there was none
 * @param from the moment that the catalogues name; null when they name none
 * @param bands what would hold: the quote over what is in force
 * @param changes each bucket whose price would change
 * @param sources the catalogues that report it
 * @param findings what the lints say of it; an error keeps it from being accepted
 * @param state whether it waits, or what became of it
 * @param proposedAt when the first source was read
 * @param decidedAt when it was accepted or rejected; null while it waits
 * @param decidedBy who did; null while it waits
 * @param reason why it was rejected; null where none was given
 */
public record Proposal(String id, String sku, String serviceTier, @Nullable String replaces, @Nullable Instant from,
        List<PriceBand> bands, List<Change> changes, List<Source> sources, List<Finding> findings, State state,
        Instant proposedAt, @Nullable Instant decidedAt, @Nullable String decidedBy, @Nullable String reason) {

    /** What became of it. */
    public enum State {
        OPEN, ACCEPTED, REJECTED
    }

    /**
     * A catalogue that reports it.
     *
     * @param catalogue its name
     * @param asOf the date of its data
     */
    public record Source(String catalogue, LocalDate asOf) {

        @Override
        public String toString() {
            return catalogue + " " + asOf;
        }
    }

    /**
     * One price that would change.
     *
     * @param bucket which
     * @param fromPromptTokens the band
     * @param before for {@code per} units; null when it had none
     * @param after for {@code per} units
     * @param per units of both
     * @param percent how much dearer; negative when cheaper, null when there was no price or it was zero
     */
    public record Change(String bucket, long fromPromptTokens, @Nullable BigDecimal before, BigDecimal after,
            BigDecimal per,
            @Nullable BigDecimal percent) {}

    public Proposal {
        requireNonNull(id, "id is null");
        requireNonNull(sku, "sku is null");
        bands = List.copyOf(bands);
        changes = List.copyOf(changes);
        sources = List.copyOf(sources);
        findings = List.copyOf(findings);
        if ((state == State.OPEN) != (decidedAt == null)) {
            throw new IllegalArgumentException("proposal " + id + " is decided exactly when it is not open");
        }
    }

    /** The largest change of a price in per cent, up or down; null when a price is new or was zero. */
    public @Nullable BigDecimal largestChange() {
        return changes.stream().anyMatch(change -> change.percent() == null)
                ? null
                : changes.stream()
                        .map(change -> requireNonNull(change.percent()).abs())
                        .max(BigDecimal::compareTo)
                        .orElse(BigDecimal.ZERO);
    }

    /** Whether the stated rule may accept it: two catalogues agree, nothing changes by half or more, and no lint objects. */
    public boolean soundByRule() {
        BigDecimal largest = largestChange();
        return sources.stream().map(Source::catalogue).distinct().count() >= 2 && largest != null
                && largest.compareTo(BigDecimal.valueOf(50)) < 0
                && findings.stream().allMatch(finding -> finding.severity() == Finding.Severity.NOTE);
    }

    Proposal alsoBy(Source source) {
        List<Source> more = new java.util.ArrayList<>(sources);
        more.removeIf(known -> known.catalogue().equals(source.catalogue()));
        more.add(source);
        return new Proposal(id, sku, serviceTier, replaces, from, bands, changes, more, findings, state, proposedAt,
                decidedAt, decidedBy, reason);
    }

    /** The same, decided. */
    public Proposal decided(State outcome, Instant when, String by) {
        return decided(outcome, when, by, null);
    }

    /**
     * The same, decided.
     *
     * @param why null where nobody said
     * @throws IllegalArgumentException when it was decided before
     */
    public Proposal decided(State outcome, Instant when, String by, @Nullable String why) {
        if (state != State.OPEN) {
            throw new IllegalArgumentException(
                    "proposal " + id + " was " + state.name().toLowerCase(java.util.Locale.ROOT)
                            + " before, by " + decidedBy);
        }
        return new Proposal(id, sku, serviceTier, replaces, from, bands, changes, sources, findings, outcome,
                proposedAt, when, by, why);
    }
}
