package dev.pareto.engine.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Those who wait to be started. Each tenant's requests stay in the order they came; the next is of the tenant that was
 * given the fewest tokens so far (Sheng et al. 2024, "Fairness in Serving Large Language Models"), so one with fifty
 * requests does not keep another with one waiting. A tenant that comes anew begins where the one stands that was started
 * last: it neither makes up for its silence nor waits for all before it. Confined to the compute thread.
 */
final class WaitingLine {

    /** What a token of an answer counts for beside one of a prompt. */
    private static final int DRAWN = 2;
    /** Tenants that are remembered though none of their requests waits. */
    private static final int MOST_REMEMBERED = 1024;

    private static final class Tenant {
        private final ArrayDeque<Work> works = new ArrayDeque<>();
        private long given;

        Tenant(long given) {
            this.given = given;
        }

        long given() {
            return given;
        }
    }

    private final Map<String, Tenant> tenants = new LinkedHashMap<>();
    private @Nullable Work chosen;
    private long floor;
    private int size;

    void add(Work work) {
        if (tenants.size() > MOST_REMEMBERED) {
            tenants.values().removeIf(tenant -> tenant.works.isEmpty());
        }
        var tenant = tenant(work);
        if (tenant.works.isEmpty()) {
            tenant.given = Math.max(tenant.given, floor);
        }
        tenant.works.add(work);
        size++;
    }

    /** Requests whose tenant is not known are one tenant's. */
    private Tenant tenant(Work work) {
        return tenants.computeIfAbsent(Objects.requireNonNullElse(work.tenant(), ""), _ -> new Tenant(floor));
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Who is to be started next, and remains so until {@link #start}: what has to wait for memory is not overtaken. */
    @Nullable
    Work next() {
        if (chosen == null) {
            chosen = tenants.values()
                    .stream()
                    .filter(tenant -> !tenant.works.isEmpty())
                    .min(Comparator.comparingLong(Tenant::given))
                    .map(tenant -> tenant.works.element())
                    .orElse(null);
        }
        return chosen;
    }

    /** The next one leaves the line. */
    void start(Work next) {
        var tenant = tenant(next);
        tenant.works.remove(next);
        floor = Math.max(floor, tenant.given);
        chosen = null;
        size--;
    }

    /** A request's tenant was given so much. */
    void charge(Work work, int promptTokens, int drawn) {
        tenant(work).given += promptTokens + (long) DRAWN * drawn;
    }

    /** Those for whom this holds leave the line; how many. */
    int removeIf(Predicate<Work> over) {
        int before = size;
        for (var tenant : tenants.values()) {
            tenant.works.removeIf(over);
        }
        size = tenants.values().stream().mapToInt(tenant -> tenant.works.size()).sum();
        if (chosen != null && !tenant(chosen).works.contains(chosen)) {
            chosen = null;
        }
        return before - size;
    }

    /** When the one was submitted that has waited longest; {@code otherwise} if there is none. */
    long oldestNanos(long otherwise) {
        long oldest = otherwise;
        for (var tenant : tenants.values()) {
            var first = tenant.works.peek();
            if (first != null && first.submittedNanos - oldest < 0) {
                oldest = first.submittedNanos;
            }
        }
        return oldest;
    }

    /** Empties the line. */
    List<Work> takeAll() {
        var all = new ArrayList<Work>(size);
        tenants.values().forEach(tenant -> all.addAll(tenant.works));
        tenants.clear();
        chosen = null;
        size = 0;
        return all;
    }
}
