package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What deciding needs beside its result, used again from decision to decision: only the decision is allocated. It grows with the longest
 * route. For one thread at a time.
 */
final class Workspace {

    final Matter matter = new Matter();
    final Rules rules = new Rules();
    final Assessor assessor = new Assessor(matter);
    final Ranking ranking = new Ranking();
    /** The candidates, then those fall-backs that are none, as written. */
    final List<Weighing> all = new ArrayList<>();
    final List<Weighing> ranked = new ArrayList<>();
    private final List<Weighing> slots = new ArrayList<>();
    // of the size last asked for, which is usually the next one's, too
    private @Nullable Assessment[] assessments = new Assessment[0];
    private @Nullable ModelId[] models = new ModelId[0];

    /** Room for one more, at the end of {@link #all}. */
    Weighing weighing(ModelId model, boolean candidate) {
        int order = all.size();
        if (order == slots.size()) {
            slots.add(new Weighing());
        }
        Weighing next = slots.get(order);
        next.begin(model, order, candidate);
        all.add(next);
        return next;
    }

    /** What became of all. */
    @SuppressWarnings("NullAway") // every place is filled
    List<Assessment> assessments() {
        if (assessments.length != all.size()) {
            assessments = new Assessment[all.size()];
        }
        for (int i = 0; i < assessments.length; i++) {
            assessments[i] = all.get(i).assessment();
        }
        List<Assessment> made = List.of(assessments);
        Arrays.fill(assessments, null);
        return made;
    }

    /** Those ranked behind the first. */
    @SuppressWarnings("NullAway") // every place is filled
    List<ModelId> fallbacks() {
        if (models.length != ranked.size() - 1) {
            models = new ModelId[ranked.size() - 1];
        }
        for (int i = 0; i < models.length; i++) {
            models[i] = ranked.get(i + 1).model;
        }
        return List.of(models);
    }

    /** Lets everything of the decision go. */
    void clear() {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).end();
        }
        all.clear();
        ranked.clear();
        ranking.end();
        rules.clear();
        matter.end();
    }
}
