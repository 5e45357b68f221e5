package dev.pareto.engine.text.template;

/**
 * How much a template may ask for; more is a {@link TemplateException}.
 *
 * @param sourceCharacters the length of the template
 * @param depth how deep blocks, expressions, calls and data may nest
 * @param steps the work of one rendering: one for each expression, statement and list element, and one more for every
 *        eight characters that are copied
 * @param iterations how often all loops of one rendering may go round together, and the length of a {@code range}
 * @param outputCharacters the length of the result, and of any text on the way
 */
public record Bounds(int sourceCharacters, int depth, long steps, int iterations, int outputCharacters) {

    /** Far above what published templates use with a million characters of messages, and done in a second or two. */
    public static final Bounds DEFAULT = new Bounds(256 * 1024, 150, 20_000_000, 1_000_000, 16 * 1024 * 1024);

    public Bounds {
        if (sourceCharacters <= 0 || depth <= 0 || steps <= 0 || iterations <= 0 || outputCharacters <= 0) {
            throw new IllegalArgumentException("bounds must be positive: " + sourceCharacters + ", " + depth + ", "
                    + steps + ", " + iterations + ", " + outputCharacters);
        }
    }
}
