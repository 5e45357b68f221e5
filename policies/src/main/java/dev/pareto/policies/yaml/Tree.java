package dev.pareto.policies.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A YAML value with its place. */
public sealed interface Tree {

    Place place();

    /** What it is, for a message. */
    String kind();

    /**
     * A single value, as written.
     *
     * @param text the text, with {@code ${…}} resolved
     * @param interpolated whether any of it came from the environment
     */
    record Scalar(Place place, String text, boolean interpolated) implements Tree {

        @Override
        public String kind() {
            return "a single value";
        }
    }

    /** A list. */
    record Sequence(Place place, List<Tree> items) implements Tree {

        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys and values, in the order written; no key occurs twice. */
    record Mapping(Place place, SequencedMap<String, Entry> entries) implements Tree {

        public Mapping {
            entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** A key's place and its value. */
    record Entry(Place keyPlace, Tree value) {}
}
