package dev.pareto.engine.text.template;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Segment;

/**
 * A parsed template: Jinja as chat templates use it ({@code trim_blocks}, {@code lstrip_blocks}, {@code tojson} without
 * HTML escapes, loop controls, {@code generation}), without inheritance, includes and anything that is not plain data.
 * Immutable and safe to share between threads.
 */
public final class Template {

    private final List<Statement> body;
    private final Bounds bounds;

    private Template(List<Statement> body, Bounds bounds) {
        this.body = body;
        this.bounds = bounds;
    }

    /**
     * Reads a template.
     *
     * @throws TemplateException where it is no template, or larger than the bounds allow
     */
    public static Template parse(String source, Bounds bounds) {
        return new Template(StatementParser.parse(requireNonNull(source, "source is null"), bounds), bounds);
    }

    /**
     * Renders the template.
     *
     * @param own variables whose strings count as the template's own, such as {@code bos_token}
     * @param foreign variables that came with a request: null, booleans, numbers, strings, lists and maps of them;
     *        {@link Trusted} strings among them count as the template's own
     * @param clock what {@code strftime_now} reads, as UTC
     * @return the text in order, cut where its origin changes; trusted is what the template and {@code own} wrote
     * @throws TemplateException where the template fails, refuses its input or goes beyond its bounds
     */
    public List<Segment> render(Map<String, ? extends @Nullable Object> own,
            Map<String, ? extends @Nullable Object> foreign, InstantSource clock) {
        var globals = new Scope(null);
        Functions.define(globals, clock);
        foreign.forEach((name, value) -> globals.set(name, Values.foreign(value)));
        own.forEach((name, value) -> globals.set(name, Values.own(value)));
        return new Interpreter(new Meter(bounds)).render(body, new Scope(globals)).runs();
    }
}
