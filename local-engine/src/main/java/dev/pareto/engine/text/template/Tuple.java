package dev.pareto.engine.text.template;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

import org.jspecify.annotations.Nullable;

/** A list that prints with parentheses and equals no list in brackets. */
final class Tuple extends AbstractList<@Nullable Object> implements RandomAccess {

    private final List<@Nullable Object> items;

    /** Takes the list over. */
    Tuple(List<@Nullable Object> items) {
        this.items = items;
    }

    @Override
    public @Nullable Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
