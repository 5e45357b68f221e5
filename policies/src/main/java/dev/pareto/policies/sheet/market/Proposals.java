package dev.pareto.policies.sheet.market;

import dev.pareto.policies.price.PriceBook;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Every proposal that was made, open or decided; immutable.
 *
 * @param all in the order in which they were made
 */
public record Proposals(List<Proposal> all) {

    public Proposals {
        all = List.copyOf(all);
    }

    /**
     * What reading a catalogue came to.
     *
     * @param proposals with the new ones
     * @param compared quotes of things that the book sells
     * @param same of these, as the book has them
     * @param made proposals that are new
     * @param backed open proposals that have one more source now
     * @param unknown quotes of things that the book does not sell, which were left out
     */
    public record Outcome(Proposals proposals, int compared, int same, int made, int backed, int unknown) {}

    /**
     * Compares quotes with the book.
     *
     * @param names other names of what is sold, to the names in the book
     * @param newOnes vendors whose unknown models are proposed, too
     */
    public Outcome with(Collection<Quote> quotes, PriceBook book, Map<String, String> names, Set<String> newOnes,
            String catalogue, LocalDate asOf, Instant now) {
        Comparison comparison = new Comparison(book, now);
        SequencedMap<String, Proposal> byId = new LinkedHashMap<>();
        all.forEach(proposal -> byId.put(proposal.id(), proposal));
        Proposal.Source source = new Proposal.Source(catalogue, asOf);
        int compared = 0;
        int same = 0;
        int made = 0;
        int backed = 0;
        int unknown = 0;
        Set<String> read = new java.util.HashSet<>();
        for (Quote raw : quotes) {
            String sku = names.getOrDefault(raw.sku(), raw.sku());
            Quote quote = new Quote(sku, raw.serviceTier(), raw.from(), raw.bands());
            if (!book.skus().contains(sku) && !newOnes.contains(sku.substring(0, sku.indexOf('/')))) {
                unknown++;
                continue;
            }
            compared++;
            Optional<Proposal> proposal = comparison.propose(quote, source);
            if (proposal.isEmpty()) {
                same++;
            } else if (read.add(proposal.get().id())) {
                Proposal known = byId.get(proposal.get().id());
                byId.put(proposal.get().id(), known == null
                        ? proposal.get()
                        : known.state() == Proposal.State.OPEN ? known.alsoBy(source) : known);
                made += known == null ? 1 : 0;
                backed += known != null && known.state() == Proposal.State.OPEN ? 1 : 0;
            }
        }
        return new Outcome(new Proposals(List.copyOf(byId.values())), compared, same, made, backed, unknown);
    }

    public Optional<Proposal> find(String id) {
        return all.stream().filter(proposal -> proposal.id().equals(id)).findFirst();
    }

    public List<Proposal> open() {
        return all.stream().filter(proposal -> proposal.state() == Proposal.State.OPEN).toList();
    }

    /** The same with one replaced. */
    public Proposals replacing(Proposal changed) {
        List<Proposal> proposals = new ArrayList<>(all);
        proposals.replaceAll(proposal -> proposal.id().equals(changed.id()) ? changed : proposal);
        return new Proposals(proposals);
    }
}
