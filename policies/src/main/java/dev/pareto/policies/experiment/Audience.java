package dev.pareto.policies.experiment;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a route's traffic that an experiment is about, by the tag that labels requests, as swaps divide theirs.
 *
 * @param tag the tag that holds the label; null for all traffic
 * @param only the labels that belong to it; empty for all but {@code except}
 * @param except labels that do not
 */
public record Audience(@Nullable String tag, List<String> only, List<String> except) {

    public static final Audience ALL = new Audience(null, List.of(), List.of());

    public Audience {
        only = only.stream().sorted().distinct().toList();
        except = except.stream().sorted().distinct().toList();
        if (tag == null && !(only.isEmpty() && except.isEmpty())) {
            throw new IllegalArgumentException("'only' and 'except' need 'by', the tag that labels requests");
        }
        if (tag != null && only.isEmpty() == except.isEmpty()) {
            throw new IllegalArgumentException("give the labels of '" + tag + "' as either 'only' or 'except'");
        }
    }

    /** A request without the tag belongs to no part. */
    public boolean holds(Map<String, String> tags) {
        if (tag == null) {
            return true;
        }
        String label = tags.get(tag);
        return label != null && (only.isEmpty() ? !except.contains(label) : only.contains(label));
    }

    /** Whether no request can belong to both. */
    boolean apartFrom(Audience other) {
        return tag != null && tag.equals(other.tag) && (nothingIn(other) || other.nothingIn(this));
    }

    private boolean nothingIn(Audience other) {
        return !only.isEmpty() && only.stream().noneMatch(other::has);
    }

    private boolean has(String label) {
        return only.isEmpty() ? !except.contains(label) : only.contains(label);
    }
}
