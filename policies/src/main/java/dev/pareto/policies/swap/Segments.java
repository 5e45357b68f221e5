package dev.pareto.policies.swap;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a route's traffic is divided by a tag of its requests: parts that stay with the closed model, parts with a life of their own, and
 * the rest.
 *
 * @param tag the tag that holds the label, e.g. {@code intent}; null for undivided traffic
 * @param closed labels that never move
 * @param own labels with a swap of their own
 * @param unlabelled whether requests without the tag belong to the rest; else they never move, for they may be of a closed part
 */
public record Segments(@Nullable String tag, Set<String> closed, Set<String> own, boolean unlabelled) {

    public static final Segments NONE = new Segments(null, Set.of(), Set.of(), true);

    /**
     * Where a request belongs.
     *
     * @param segment of its swap
     * @param label what the request says of itself; null when it says nothing
     * @param refusal why no open model may serve it; null when one may
     */
    public record Place(String segment, @Nullable String label, @Nullable String refusal) {

        private static final Place UNDIVIDED = new Place(SwapKey.REST, null, null);
    }

    public Segments {
        closed = Set.copyOf(closed);
        own = Set.copyOf(own);
        if (tag == null && !(closed.isEmpty() && own.isEmpty())) {
            throw new IllegalArgumentException("closed and own segments need 'by', the tag that labels requests");
        }
        var both = new TreeSet<>(closed);
        both.retainAll(own);
        if (!both.isEmpty()) {
            throw new IllegalArgumentException(
                    "a segment is either closed or has a swap of its own, not both: " + both);
        }
        if (own.contains(SwapKey.REST) || closed.contains(SwapKey.REST)) {
            throw new IllegalArgumentException("a segment needs a name");
        }
    }

    public Place place(Map<String, String> tags) {
        String given = tag == null ? null : tags.get(tag);
        if (given == null) {
            return unlabelled
                    ? Place.UNDIVIDED
                    : new Place(SwapKey.REST, null, "the request has no tag '" + tag + "'");
        }
        String label = named(given);
        if (closed.contains(label)) {
            return new Place(SwapKey.REST, label, "segment " + label + " stays closed");
        }
        return new Place(own.contains(label) ? label : SwapKey.REST, label, null);
    }

    /** As it is written here, where it is named here; case is no reason to leave a closed part. */
    private String named(String label) {
        return Stream.concat(closed.stream(), own.stream())
                .filter(known -> known.equalsIgnoreCase(label))
                .findFirst()
                .orElse(label);
    }

    /** What evidence says of a request with these tags: of its own part of a divided traffic, else of the whole. */
    public Outcome outcome(Evidence evidence, Map<String, String> tags) {
        if (tag == null) {
            return evidence.outcome();
        }
        String label = tags.get(tag);
        return label == null ? evidence.general() : evidence.about(named(label));
    }

    /** Every part that has a swap, the rest first. */
    public Set<String> lives() {
        var lives = new TreeSet<>(own);
        lives.add(SwapKey.REST);
        return lives;
    }
}
