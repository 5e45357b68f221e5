package dev.pareto.policies.yaml;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one mapping. A key that its {@link Shape} does not have is refused when the mapping is opened, with the
 * nearest one that it has; a value that cannot be read is refused where it is written.
 */
public final class Fields {

    private final Tree.Mapping mapping;
    private final Shape shape;

    /**
     * The keys that a mapping may have.
     *
     * @param noun what the mapping describes, for messages, e.g. {@code vendor}
     * @param keys every key it may have
     */
    public record Shape(String noun, List<String> keys) {

        public Shape {
            keys = List.copyOf(keys);
        }

        public static Shape of(String noun, String... keys) {
            return new Shape(noun, List.of(keys));
        }

        /** The same with more keys. */
        public Shape and(List<String> more) {
            return new Shape(noun, java.util.stream.Stream.concat(keys.stream(), more.stream()).toList());
        }
    }

    private Fields(Tree.Mapping mapping, Shape shape) {
        this.mapping = mapping;
        this.shape = shape;
    }

    /** Opens a mapping and refuses unknown keys. */
    public static Fields of(Tree tree, Shape shape) {
        Tree.Mapping mapping = mapping(tree, shape.noun());
        mapping.entries().forEach((key, entry) -> {
            if (!shape.keys().contains(key)) {
                throw new YamlException(entry.keyPlace(), "unknown key '" + key + "' in " + shape.noun(),
                        Nearest.remedy(key, shape.keys()));
            }
        });
        return new Fields(mapping, shape);
    }

    /** The entries of a mapping whose keys are free names. */
    public static Map<String, Tree.Entry> named(Tree tree, String noun) {
        return mapping(tree, noun).entries();
    }

    private static Tree.Mapping mapping(Tree tree, String noun) {
        if (tree instanceof Tree.Mapping mapping) {
            return mapping;
        }
        if (tree instanceof Tree.Scalar scalar && scalar.text().isEmpty()) {
            return new Tree.Mapping(tree.place(), new java.util.LinkedHashMap<>());
        }
        throw new YamlException(tree.place(), noun + " must be a mapping of keys, not " + tree.kind(), "");
    }

    public Place place() {
        return mapping.place();
    }

    /** The place of a key's value, or of the whole mapping when the key is absent. */
    public Place place(String key) {
        Tree tree = tree(key);
        return tree == null ? mapping.place() : tree.place();
    }

    public boolean has(String key) {
        return tree(key) != null;
    }

    public @Nullable Tree tree(String key) {
        if (!shape.keys().contains(key)) {
            throw new IllegalStateException(shape.noun() + " has no key " + key);
        }
        Tree.Entry entry = mapping.entries().get(key);
        return entry == null ? null : entry.value();
    }

    public @Nullable String text(String key) {
        return read(key, text -> text);
    }

    public String text(String key, String otherwise) {
        String text = text(key);
        return text == null ? otherwise : text;
    }

    /** A text that must be there. */
    public String required(String key) {
        String text = text(key);
        if (text == null || text.isEmpty()) {
            throw new YamlException(place(key), shape.noun() + " needs '" + key + "'", "");
        }
        return text;
    }

    public boolean flag(String key, boolean otherwise) {
        Boolean value = read(key, Units::flag);
        return value == null ? otherwise : value;
    }

    public int count(String key, int otherwise) {
        Integer value = read(key, Units::count);
        return value == null ? otherwise : value;
    }

    public @Nullable Integer count(String key) {
        return read(key, Units::count);
    }

    public @Nullable Duration duration(String key) {
        return read(key, Units::duration);
    }

    public Duration duration(String key, Duration otherwise) {
        Duration value = duration(key);
        return value == null ? otherwise : value;
    }

    public @Nullable BigDecimal decimal(String key) {
        return read(key, Units::decimal);
    }

    /** A share such as {@code 95 %}, as a fraction. */
    public double share(String key, double otherwise) {
        Double value = read(key, Units::share);
        return value == null ? otherwise : value;
    }

    /** A difference of shares such as {@code 2 pp}, as a fraction. */
    public double points(String key, double otherwise) {
        Double value = read(key, Units::points);
        return value == null ? otherwise : value;
    }

    public <T> @Nullable T read(String key, Function<String, T> reader) {
        Tree tree = tree(key);
        return tree == null ? null : scalar(tree, "'" + key + "'", reader);
    }

    /** A list of single values; a single value is a list of one. */
    public <T> List<T> list(String key, Function<String, T> reader) {
        Tree tree = tree(key);
        if (tree == null) {
            return List.of();
        }
        List<T> values = new ArrayList<>();
        for (Tree item : tree instanceof Tree.Sequence sequence ? sequence.items() : List.of(tree)) {
            values.add(scalar(item, "'" + key + "'", reader));
        }
        return values;
    }

    /** The items of a list of any values; none where the key is absent. */
    public List<Tree> items(String key) {
        Tree tree = tree(key);
        if (tree == null) {
            return List.of();
        }
        if (tree instanceof Tree.Sequence sequence) {
            return sequence.items();
        }
        throw new YamlException(tree.place(), "'" + key + "' must be a list, not " + tree.kind(), "");
    }

    /** Reads a single value, and turns what its reader objects to into a refusal with a place. */
    public static <T> T scalar(Tree tree, String what, Function<String, T> reader) {
        if (!(tree instanceof Tree.Scalar scalar)) {
            throw new YamlException(tree.place(), what + " must be a single value, not " + tree.kind(), "");
        }
        return at(tree.place(), what, () -> reader.apply(scalar.text()));
    }

    /** Runs a constructor that refuses bad values, and adds the place to its refusal. */
    public static <T> T at(Place place, String what, java.util.function.Supplier<T> supplier) {
        try {
            return supplier.get();
        } catch (IllegalArgumentException e) {
            throw new YamlException(place, what + ": " + e.getMessage(), "");
        }
    }
}
