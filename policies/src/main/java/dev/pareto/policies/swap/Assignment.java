package dev.pareto.policies.swap;

/**
 * Who belongs to a share of traffic: a hash of the unit decides, so the same conversation always meets the same model, and a
 * growing share only ever adds units.
 */
public final class Assignment {

    private static final double UNIT = 0x1p-53;

    private Assignment() {}

    /**
     * @param salt makes the shares of different routes and experiments independent
     * @param unit a conversation, user or request
     * @param share 0 to 1
     */
    public static boolean within(String salt, String unit, double share) {
        return share >= 1 || (share > 0 && position(salt, unit) < share);
    }

    /** A number in [0, 1), uniform over units. */
    public static double position(String salt, String unit) {
        return (hash(salt, unit) >>> 11) * UNIT;
    }

    /** 64 bits that stand for the unit; the same on every machine. */
    public static long hash(String salt, String unit) {
        long hash = 0xcbf29ce484222325L;
        hash = fnv(hash, salt);
        hash = fnv(hash ^ 0xff, unit);
        return mix(hash);
    }

    /** FNV-1a over UTF-16 code units, http://www.isthe.com/chongo/tech/comp/fnv/. */
    private static long fnv(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finaliser of SplitMix64: FNV alone leaves its high bits uneven for short texts. */
    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
