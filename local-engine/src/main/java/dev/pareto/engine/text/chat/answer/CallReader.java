package dev.pareto.engine.text.chat.answer;

/** Reads one call, character by character, and tells it as it becomes known. */
interface CallReader {

    /** What a character made of the call. */
    enum Progress {
        MORE, DONE, BAD
    }

    /** Takes the next character; after {@link Progress#DONE} and {@link Progress#BAD} none may come. */
    Progress accept(char c);
}
