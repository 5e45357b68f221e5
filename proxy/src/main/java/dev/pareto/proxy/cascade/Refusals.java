package dev.pareto.proxy.cascade;

import java.util.List;
import java.util.Locale;

/** Answers that decline to answer, by how they begin. English only: others show in what a verifier learns. */
final class Refusals {

    private static final List<String> BEGINNINGS = List.of("i'm sorry, but i can", "i am sorry, but i can",
            "sorry, but i can",
            "i'm sorry, i can", "i cannot assist", "i can't assist", "i cannot help", "i can't help", "i'm unable to",
            "i am unable to", "i'm not able to", "i am not able to", "as an ai");
    private static final int LONGEST = 400;

    private Refusals() {}

    /** A long answer that begins with an excuse goes on to answer. */
    static boolean begins(String text) {
        String start = text.strip();
        if (start.length() > LONGEST) {
            return false;
        }
        String lower = start.replace('\u2019', '\'').toLowerCase(Locale.ROOT);
        return BEGINNINGS.stream().anyMatch(lower::startsWith);
    }
}
