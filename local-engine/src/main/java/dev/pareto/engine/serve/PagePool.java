package dev.pareto.engine.serve;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The pages of one model, never more than a fixed number, made when first needed and used again and again. A page is in
 * use, or idle (nobody's, but kept because it begins a prompt), or free. Sequences are promised all their pages before
 * they start, and idle pages are given up for them, the longest unused first: so nobody ever waits for a page with others
 * waiting for his. Used by the compute thread; the counts are read by any.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // only the compute thread writes
final class PagePool {

    private final BatchModel model;
    private final int total;
    private final ArrayDeque<Frame> free = new ArrayDeque<>();
    private final LinkedHashSet<Frame> idle = new LinkedHashSet<>();
    private final Map<PrefixKey, Frame> kept = new HashMap<>();
    private int made;
    private long lastId;
    private volatile int inUse;
    private volatile int promised;
    private volatile int idleCount;

    PagePool(BatchModel model, int total) {
        this.model = model;
        this.total = total;
    }

    /** Pages that there may be. */
    int total() {
        return total;
    }

    /** Pages in the tables of sequences, shared ones once. */
    int inUse() {
        return inUse;
    }

    /** Pages that running sequences may still take. */
    int promised() {
        return promised;
    }

    /** Pages that are kept for later prompts only. */
    int idle() {
        return idleCount;
    }

    /** Pages that can be promised. */
    int available() {
        return total - inUse - promised;
    }

    /** Sets pages aside, no more than are available. */
    void promise(int pages) {
        if (pages > available()) {
            throw new IllegalStateException(pages + " pages promised of " + available());
        }
        promised += pages;
    }

    /** Pages that were promised and are not needed. */
    void takeBack(int pages) {
        promised -= pages;
    }

    /** One of the pages promised. */
    Frame take() {
        var frame = free.poll();
        if (frame == null) {
            frame = made < total ? make() : giveUp();
        }
        frame.users = 1;
        promised--;
        inUse++;
        return frame;
    }

    /** One more sequence uses a page that is kept. */
    void use(Frame frame) {
        if (frame.users++ == 0) {
            idle.remove(frame);
            idleCount = idle.size();
            inUse++;
        }
    }

    /** One sequence less uses a page. Its last pages come first, so that beginnings are kept the longest. */
    void leave(Frame frame) {
        if (--frame.users > 0) {
            return;
        }
        inUse--;
        if (frame.key == null) {
            free.push(frame);
        } else {
            idle.add(frame);
            idleCount = idle.size();
        }
    }

    /** The page that is kept for this, or null. */
    @Nullable
    Frame find(PrefixKey key) {
        return kept.get(key);
    }

    /** Keeps a page that is full; gives the one that is kept for the same already, if there is one. */
    Frame keep(PrefixKey key, Frame frame) {
        var present = kept.putIfAbsent(key, frame);
        if (present != null) {
            return present;
        }
        frame.key = key;
        frame.id = ++lastId;
        return frame;
    }

    /** Where the heap has less room than the settings say, pages that nobody uses are what can be given up. */
    private Frame make() {
        try {
            var frame = new Frame(model.newPage());
            made++;
            return frame;
        } catch (OutOfMemoryError e) {
            if (idle.isEmpty()) {
                throw e;
            }
            return giveUp();
        }
    }

    private Frame giveUp() {
        var eldest = idle.removeFirst(); // there is one, or more would be in use and promised than there are
        idleCount = idle.size();
        kept.remove(eldest.key);
        eldest.key = null;
        return eldest;
    }
}
