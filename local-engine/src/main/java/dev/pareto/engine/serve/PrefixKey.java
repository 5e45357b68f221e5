package dev.pareto.engine.serve;

import java.util.Arrays;

/**
 * What a page holds: its own tokens and, by the name of the page before, all tokens before them. Equal keys mean equal
 * tokens from the first on, compared one by one, so no collision of hashes can hand one caller another's text.
 */
final class PrefixKey {

    private final String partition;
    private final int variant;
    private final long before;
    private final int[] tokens;
    private final int hash;

    /**
     * @param partition within which pages are shared
     * @param variant of the model, see {@link BatchModel#variant}
     * @param before the {@link Frame#id} of the page before, 0 for none
     * @param tokens of this page, the caller gives them away
     */
    PrefixKey(String partition, int variant, long before, int[] tokens) {
        this.partition = partition;
        this.variant = variant;
        this.before = before;
        this.tokens = tokens;
        this.hash = 31 * (31 * (31 * partition.hashCode() + variant) + Long.hashCode(before)) + Arrays.hashCode(tokens);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrefixKey that && hash == that.hash && before == that.before && variant == that.variant
                && partition.equals(that.partition) && Arrays.equals(tokens, that.tokens);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
