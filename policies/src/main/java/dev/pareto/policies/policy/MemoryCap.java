package dev.pareto.policies.policy;

import dev.pareto.policies.yaml.Units;

/** An amount of memory: so many bytes, or a share of what the machine or its container has. */
public sealed interface MemoryCap {

    /** Bytes on a machine that has so many. */
    long of(long machineBytes);

    /** {@code 70 %} or {@code 24 GB}. */
    static MemoryCap parse(String text) {
        return text.strip().endsWith("%") ? new Share(Units.share(text)) : new Bytes(Units.bytes(text));
    }

    /** @param share above 0 and at most 1 */
    record Share(double share) implements MemoryCap {

        public Share {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("memory must be above 0 % and at most 100 %, got " + share);
            }
        }

        @Override
        public long of(long machineBytes) {
            return (long) (share * machineBytes);
        }
    }

    /** @param bytes at least 1 */
    record Bytes(long bytes) implements MemoryCap {

        public Bytes {
            if (bytes < 1) {
                throw new IllegalArgumentException("memory must be at least 1 B, got " + bytes + " B");
            }
        }

        @Override
        public long of(long machineBytes) {
            return bytes;
        }
    }
}
