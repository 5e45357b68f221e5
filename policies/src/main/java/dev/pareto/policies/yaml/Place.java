package dev.pareto.policies.yaml;

/**
 * Where something is written.
 *
 * @param file as people know it
 * @param line from 1
 * @param column from 1
 */
public record Place(String file, int line, int column) {

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
