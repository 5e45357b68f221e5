package dev.pareto.engine.text.chat.answer;

/** What was read of a call that is not complete: where it turns out to be none, the text is content after all. */
final class Unfinished {

    private static final int MOST_CHARACTERS = 1 << 20;

    private final Plain plain;
    private final int first;
    /** What was read since the last complete call. */
    private final StringBuilder raw;
    private boolean made;

    /**
     * @param opening what was read already
     * @param first how many of its characters are content for certain, should it be no call
     */
    Unfinished(Plain plain, String opening, int first) {
        this.plain = plain;
        this.first = first;
        this.raw = new StringBuilder(opening);
    }

    /** Whether a call was complete already. */
    boolean made() {
        return made;
    }

    boolean holds() {
        return !raw.isEmpty();
    }

    boolean isTooLong() {
        return raw.length() > MOST_CHARACTERS;
    }

    void take(StringBuilder text, int count) {
        raw.append(text, 0, count);
        text.delete(0, count);
    }

    void forget() {
        raw.setLength(0);
    }

    /** The call is complete, and what was read is part of it. */
    void complete() {
        made = true;
        forget();
    }

    Part fail(StringBuilder text, Output out) {
        boolean told = out.abandon();
        if (told && !raw.isEmpty()) {
            // all but the character that is wrong went out already
            raw.delete(0, raw.length() - 1);
        }
        if (made || told) {
            plain.afterCall();
        }
        return plain.fallBack(raw, made || told ? 1 : first, text, out);
    }

    void end(StringBuilder text, Output out) {
        if (out.abandon()) {
            forget();
        }
        if (made) {
            plain.afterCall();
        }
        raw.append(text);
        plain.end(raw, out);
    }
}
