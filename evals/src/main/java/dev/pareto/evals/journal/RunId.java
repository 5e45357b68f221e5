package dev.pareto.evals.journal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of runs: sorted by name they are sorted by time, and nothing in them can leave a folder. */
final class RunId {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSSSSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern SHAPE = Pattern.compile("\\d{8}-\\d{6}-\\d{6}");
    private static final String PREFIX = "run-";
    private static final String SUFFIX = ".jsonl";

    private RunId() {}

    static String of(Instant moment) {
        return FORMAT.format(moment);
    }

    static boolean valid(String id) {
        return SHAPE.matcher(id).matches();
    }

    static String file(String id) {
        return PREFIX + id + SUFFIX;
    }

    /** Whether a file of that name is a journal. */
    static boolean isJournal(String file) {
        return file.startsWith(PREFIX) && file.endsWith(SUFFIX)
                && valid(file.substring(PREFIX.length(), file.length() - SUFFIX.length()));
    }
}
