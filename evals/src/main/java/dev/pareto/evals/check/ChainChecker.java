package dev.pareto.evals.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Walks verdicts from the first to the newest: each names the hash of the one before it, so that none can be changed, removed, slipped
 * in or moved unseen. Only the end needs a witness, a hash that somebody kept. Stateless.
 */
public final class ChainChecker {

    /**
     * @param verdicts in the order in which they were filed
     * @param newest hash that the last one must have; null when nobody kept it
     * @return for each verdict its seal and its link, and the end
     */
    public List<Finding> check(List<? extends JsonNode> verdicts, @Nullable String newest) {
        List<Finding> findings = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < verdicts.size(); i++) {
            places.put(hash(verdicts.get(i)), i);
        }
        Set<String> followed = new HashSet<>();
        for (int i = 0; i < verdicts.size(); i++) {
            JsonNode verdict = verdicts.get(i);
            String name = name(verdict);
            String seal = BindingCheck.seal(verdict);
            boolean sealed = BindingCheck.sealed(verdict);
            findings.add(new Finding(name + ".sha256", sealed, hash(verdict),
                    sealed ? hash(verdict) : seal + ": it was changed after it was sealed"));
            findings.add(link(verdicts, i, places, followed));
        }
        if (newest != null) {
            String last = verdicts.isEmpty() ? "none" : hash(verdicts.getLast());
            findings.add(new Finding("the newest", newest.equals(last), last,
                    newest.equals(last) ? newest : newest + ": what was filed last is not there"));
        }
        return List.copyOf(findings);
    }

    /**
     * Which of them cannot be trusted, and why: one that was changed after it was sealed, that does not follow the one before it, or
     * that the next one should follow and does not, for then it is not what stood there.
     *
     * @param verdicts in the order in which they were filed
     * @return by id
     */
    public Map<String, String> faults(List<? extends JsonNode> verdicts) {
        List<Finding> findings = check(verdicts, null);
        Set<String> there = new HashSet<>(verdicts.stream().map(ChainChecker::hash).toList());
        Map<String, String> faults = new HashMap<>();
        for (int i = 0; i < verdicts.size(); i++) {
            Finding seal = findings.get(2 * i);
            Finding link = findings.get(2 * i + 1);
            String id = verdicts.get(i).path("id").asString("");
            if (!seal.holds()) {
                faults.put(id, "it was changed after it was sealed");
            } else if (!link.holds()) {
                faults.put(id, link.computed().substring(link.computed().indexOf(": ") + 2));
            }
            String named = verdicts.get(i).path("previous_sha256").asString("");
            if (i > 0 && !link.holds() && !named.isEmpty() && !there.contains(named)) {
                faults.putIfAbsent(verdicts.get(i - 1).path("id").asString(""),
                        "verdict " + id + " follows another one than this");
            }
        }
        return faults;
    }

    private static Finding link(List<? extends JsonNode> verdicts, int i, Map<String, Integer> places,
            Set<String> followed) {
        JsonNode verdict = verdicts.get(i);
        String what = name(verdict) + ".previous_sha256";
        JsonNode named = verdict.path("previous_sha256");
        String previous = named.isString() ? named.stringValue() : null;
        String before = i == 0 ? null : hash(verdicts.get(i - 1));
        boolean forked = previous != null && !followed.add(previous);
        if (previous == null ? before == null : previous.equals(before) && !forked) {
            return new Finding(what, true, String.valueOf(previous), String.valueOf(before));
        }
        Integer place = previous == null ? null : places.get(previous);
        String reason;
        if (previous == null) {
            reason = "it follows none, and " + name(verdicts.get(i - 1)) + " was filed before it";
        } else if (place == null) {
            reason = i == 0
                    ? "what it follows was removed"
                    : "what it follows is not there: a verdict between was removed, or " + name(verdicts.get(i - 1))
                            + " was changed and sealed again";
        } else {
            reason = "it follows " + name(verdicts.get(place)) + (place > i
                    ? ", which stands behind it: they were reordered"
                    : ": what stands between was slipped in or moved, or both were made at once");
        }
        return new Finding(what, false, String.valueOf(previous), before + ": " + reason);
    }

    private static String name(JsonNode verdict) {
        return "verdict " + verdict.path("id").asString("without an id");
    }

    private static String hash(JsonNode verdict) {
        return verdict.path("sha256").asString("");
    }
}
