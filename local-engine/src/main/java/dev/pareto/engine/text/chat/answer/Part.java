package dev.pareto.engine.text.chat.answer;

/** What reads the text at one place of an answer. */
interface Part {

    /**
     * Takes what it can from the front of the text. Must not depend on where the text was cut into pieces.
     *
     * @return the part that goes on; itself to wait for more
     */
    Part read(StringBuilder text, Output out);

    /** Whether it took characters of which it is not known yet whether they are content. */
    boolean holds();

    /** Takes all that is left: no more text comes. */
    void end(StringBuilder text, Output out);
}
