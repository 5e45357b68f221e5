package dev.pareto.engine.text.template;

/** Counts the work of one rendering against its bounds, and knows the line that is at work. */
final class Meter {

    private static final long STEPS_OF_PART = 8;

    private final Bounds bounds;
    private long steps;
    private int iterations;
    private int depth;
    private int line;

    Meter(Bounds bounds) {
        this.bounds = bounds;
    }

    void at(int newLine) {
        if (newLine > 0) {
            line = newLine;
        }
    }

    int line() {
        return line;
    }

    TemplateException error(String reason) {
        return new TemplateException(line, reason);
    }

    void step() {
        steps(1);
    }

    void steps(long more) {
        steps += more;
        if (steps > bounds.steps()) {
            throw error("more than " + bounds.steps() + " steps of work");
        }
    }

    void iterate() {
        if (++iterations > bounds.iterations()) {
            throw error("more than " + bounds.iterations() + " loop iterations");
        }
        step();
    }

    int mostIterations() {
        return bounds.iterations();
    }

    /** Charges for a text of this length and refuses one that is too long. */
    void text(long characters) {
        room(characters);
        steps(1 + characters / 8);
    }

    /** Charges for a part of a text that becomes a text by itself, and so takes a hundred bytes however short it is. */
    void part() {
        steps(STEPS_OF_PART);
    }

    /** The same for each character of a text, before they are made. */
    void characters(Text text) {
        steps(STEPS_OF_PART * text.value().length());
    }

    /** Charges for looking for one text in another, which at worst compares each character of one with all of the other. */
    void search(Text text, Text part) {
        text(text.value().length());
        steps((long) text.value().length() * part.value().length() / 128);
    }

    /** Refuses a text that is too long, without charge. */
    void room(long characters) {
        if (characters > bounds.outputCharacters()) {
            throw error("a text of more than " + bounds.outputCharacters() + " characters");
        }
    }

    void enter() {
        if (++depth > bounds.depth()) {
            throw error("nested deeper than " + bounds.depth());
        }
        step();
    }

    void leave() {
        depth--;
    }
}
