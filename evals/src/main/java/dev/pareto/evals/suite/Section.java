package dev.pareto.evals.suite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.pareto.evals.Spelling;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** One mapping of a YAML file, read key by key with errors that name the line. An absent mapping is an empty one. */
final class Section {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final YamlDocument yaml;
    private final String pointer;

    Section(YamlDocument yaml, String pointer) throws SuiteException {
        this.yaml = yaml;
        this.pointer = pointer;
        JsonNode node = yaml.at(pointer);
        if (node != null && !node.isObject()) {
            throw yaml.error(pointer, "expected a mapping", "write 'key: value' lines");
        }
    }

    /** A key as RFC 6901 writes it. */
    static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private String at(String key) {
        return pointer + "/" + escaped(key);
    }

    List<String> keys() {
        JsonNode node = yaml.at(pointer);
        return node == null ? List.of() : List.copyOf(node.propertyNames());
    }

    boolean has(String key) {
        return yaml.at(at(key)) != null;
    }

    /** Refuses keys outside {@code known}; those in {@code later} with their own remedy. */
    void allow(Set<String> known, Map<String, String> later) throws SuiteException {
        for (String key : keys()) {
            if (later.containsKey(key)) {
                throw error(key, "'" + key + "' is not supported yet", later.getOrDefault(key, "remove it"));
            }
            if (!known.contains(key)) {
                String meant = Spelling.nearest(key, known);
                throw error(key, "unknown key '" + key + "'", (meant == null ? "" : "did you mean '" + meant + "'? ")
                        + "known here are " + String.join(", ", known.stream().sorted().toList()));
            }
            if (!has(key)) {
                throw error(key, "'" + key + "' has no value", "give it one or remove it");
            }
        }
    }

    SuiteException error(String key, String reason, String remedy) {
        return yaml.error(at(key), reason, remedy);
    }

    Section section(String key) throws SuiteException {
        return new Section(yaml, at(key));
    }

    List<Section> sections(String key) throws SuiteException {
        JsonNode node = yaml.at(at(key));
        if (node != null && !node.isArray()) {
            throw error(key, "'" + key + "' must be a list", "start each entry with '- '");
        }
        List<Section> sections = new ArrayList<>();
        for (int i = 0; node != null && i < node.size(); i++) {
            sections.add(new Section(yaml, at(key) + "/" + i));
        }
        return sections;
    }

    JsonNode required(String key) throws SuiteException {
        JsonNode node = yaml.at(at(key));
        if (node == null) {
            throw error(key, "'" + key + "' is missing", "add '" + key + ": …'");
        }
        return node;
    }

    @Nullable
    JsonNode optional(String key) {
        return yaml.at(at(key));
    }

    @Nullable
    String optionalText(String key) throws SuiteException {
        JsonNode node = optional(key);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            throw error(key, "'" + key + "' must be a text", "write one value, a number in quotes");
        }
        return node.asString();
    }

    String text(String key, String otherwise) throws SuiteException {
        String text = optionalText(key);
        return text == null ? otherwise : text;
    }

    String requiredText(String key) throws SuiteException {
        required(key);
        return text(key, "");
    }

    /** A text that is safe as a file name and in a URL. */
    String requiredName(String key) throws SuiteException {
        String name = requiredText(key);
        if (!NAME.matcher(name).matches()) {
            throw error(key, "'" + name + "' is not a name", "use letters, digits, '.', '_' and '-'");
        }
        return name;
    }

    double number(String key, double otherwise) throws SuiteException {
        JsonNode node = optional(key);
        if (node == null) {
            return otherwise;
        }
        if (!node.isNumber()) {
            throw error(key, "'" + key + "' must be a number", "write it without quotes or units, 2 points as 0.02");
        }
        return node.doubleValue();
    }

    @Nullable
    Double optionalNumber(String key) throws SuiteException {
        return has(key) ? (Double) number(key, 0) : null;
    }

    int integer(String key, int otherwise) throws SuiteException {
        JsonNode node = optional(key);
        if (node == null) {
            return otherwise;
        }
        if (!node.isNumber() || !node.canConvertToExactIntegral() || !node.canConvertToInt()) {
            throw error(key, "'" + key + "' must be a whole number", "write digits only");
        }
        return node.decimalValue().intValueExact();
    }

    boolean flag(String key) throws SuiteException {
        JsonNode node = optional(key);
        if (node == null) {
            return false;
        }
        if (!node.isBoolean()) {
            throw error(key, "'" + key + "' must be true or false", "write true or false");
        }
        return node.booleanValue();
    }

    List<String> texts(String key) throws SuiteException {
        JsonNode node = optional(key);
        List<String> texts = new ArrayList<>();
        if (node == null) {
            return texts;
        }
        for (JsonNode element : node.isArray() ? List.copyOf(node.values()) : List.of(node)) {
            if (!element.isString()) {
                throw error(key, "'" + key + "' must be a list of texts", "write [a, b], numbers in quotes");
            }
            texts.add(element.asString());
        }
        return texts;
    }

    /** The file that this stands in. */
    Path file() {
        return yaml.file();
    }
}
