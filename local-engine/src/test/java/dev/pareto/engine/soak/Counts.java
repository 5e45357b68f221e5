package dev.pareto.engine.soak;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What happened, by kind, and what must not happen. Thread-safe. */
final class Counts {

    private static final int MOST_KEPT = 50;

    private final Map<String, LongAdder> kinds = new ConcurrentSkipListMap<>();
    private final ConcurrentLinkedQueue<String> findings = new ConcurrentLinkedQueue<>();
    private final AtomicLong found = new AtomicLong();
    private final LongAdder requests = new LongAdder();
    private final LongAdder ends = new LongAdder();

    /** A request was taken by the engine: it must end. */
    void taken() {
        requests.increment();
    }

    /** One ended. */
    void ended(String how) {
        ends.increment();
        count(how);
    }

    void count(String kind) {
        kinds.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    }

    /** A fault; the first ones are kept. */
    void finding(String what) {
        if (found.incrementAndGet() <= MOST_KEPT) {
            findings.add(what);
        }
    }

    long requests() {
        return requests.sum();
    }

    long ends() {
        return ends.sum();
    }

    Map<String, LongAdder> kinds() {
        return kinds;
    }

    long found() {
        return found.get();
    }

    List<String> findings() {
        return List.copyOf(findings);
    }
}
