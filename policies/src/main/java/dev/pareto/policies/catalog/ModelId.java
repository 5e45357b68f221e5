package dev.pareto.policies.catalog;

import static java.util.Objects.requireNonNull;

/**
 * The name of a model: {@code vendor/name}, e.g. {@code openai/gpt-4o} or {@code local/support-desk}.
 *
 * @param vendor a vendor of the configuration, without a slash
 * @param name the vendor's own name of the model; may hold slashes
 */
public record ModelId(String vendor, String name) implements Comparable<ModelId> {

    private static final int MAX_LENGTH = 200;

    public ModelId {
        requireNonNull(vendor, "vendor is null");
        requireNonNull(name, "name is null");
        if (!valid(vendor, name)) {
            throw new IllegalArgumentException("a model is written vendor/name, got '" + vendor + "/" + name + "'");
        }
    }

    /**
     * @throws IllegalArgumentException when there is no slash or a side of it is empty
     */
    public static ModelId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1) {
            throw new IllegalArgumentException("a model is written vendor/name, got '" + text + "'");
        }
        return new ModelId(text.substring(0, slash), text.substring(slash + 1));
    }

    static boolean valid(String vendor, String name) {
        return !vendor.isBlank() && !name.isBlank() && !vendor.contains("/")
                && vendor.length() + name.length() <= MAX_LENGTH;
    }

    @Override
    public int compareTo(ModelId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return vendor + "/" + name;
    }
}
