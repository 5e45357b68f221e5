package dev.pareto.policies.predict.accuracy;

/** Hashes that are part of an exported model: never change them without a new version of its format. */
final class Hashing {

    private Hashing() {}

    /** The running hash of a word, one character further. */
    static int next(int hash, int character) {
        return (hash ^ character) * 0x01000193 + 0x3d4d51cb;
    }

    /** Spreads every bit over all others (the finaliser of MurmurHash3). */
    static int mix(int hash) {
        int h = hash;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
