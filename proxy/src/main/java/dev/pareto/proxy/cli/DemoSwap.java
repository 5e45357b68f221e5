package dev.pareto.proxy.cli;

import dev.pareto.proxy.cli.remote.GatewayClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Tells in plain words how the swap of a route goes while it goes, by what the admin port says. For one thread. */
final class DemoSwap {

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration SPEAK_EVERY = Duration.ofSeconds(10);

    private final GatewayClient gateway;
    private final String route;
    private final PrintWriter out;
    private final Instant begun;
    private JsonNode swap = MissingNode.getInstance();
    private int told;
    /** Where the last move that was told led. */
    private String stood = "CLOSED";

    DemoSwap(GatewayClient gateway, String route, PrintWriter out) throws IOException, InterruptedException {
        this.gateway = gateway;
        this.route = route;
        this.out = out;
        List<JsonNode> moves = moves();
        this.begun = Instant.parse(moves.isEmpty()
                ? gateway.swaps().path("now").asString("")
                : moves.getLast().path("at").asString(""));
    }

    /** Follows it until it is in one of these states; false when it is in none within the patience. */
    boolean until(Set<String> states, Duration patience) throws IOException, InterruptedException {
        long started = System.nanoTime();
        long spoken = started;
        while (System.nanoTime() - started < patience.toNanos()) {
            JsonNode before = swap;
            JsonNode all = gateway.swaps();
            swap = all.path("swaps")
                    .valueStream()
                    .filter(one -> one.path("route").asString("").equals(route))
                    .findFirst()
                    .orElse(MissingNode.getInstance());
            boolean news = tellMoves(before);
            if (states.contains(stood)) {
                return true;
            }
            if (news) {
                spoken = System.nanoTime();
            } else if (System.nanoTime() - spoken >= SPEAK_EVERY.toNanos()) {
                spoken = System.nanoTime();
                out.printf("   %s  … %s%n", day(all.path("now").asString("")), seen(swap));
                out.flush();
            }
            Thread.sleep(LOOK_EVERY);
        }
        return false;
    }

    boolean stands(String state) {
        return stood.equals(state);
    }

    /** Where it stands, for those who wait. */
    String words() {
        return state(swap) + ": " + swap.path("reason").asString("nothing is known of it");
    }

    private boolean tellMoves(JsonNode before) throws IOException, InterruptedException {
        List<JsonNode> moves = moves();
        if (moves.size() == told) {
            return false;
        }
        for (JsonNode move : moves.reversed().subList(told, moves.size())) {
            String was = before.path("state").asString("");
            boolean watched = was.equals("SHADOW") || was.equals("RAMP");
            if (watched && move.path("from").asString("").equals(was)
                    && !move.path("to").asString("").equals("ROLLED_BACK")) {
                out.printf("   %s  … %s%n", day(move.path("at").asString("")), seen(before));
            }
            out.printf("   %s  %s%n", day(move.path("at").asString("")), words(move));
        }
        out.flush();
        told = moves.size();
        stood = moves.getFirst().path("to").asString("");
        return true;
    }

    /** Newest first. */
    private List<JsonNode> moves() throws IOException, InterruptedException {
        return gateway.moves(route).path("moves").valueStream().toList();
    }

    private static String words(JsonNode move) {
        String share = percent(move.path("share").asDouble(0));
        String to = move.path("to").asString("");
        return switch (to) {
            case "OFFLINE" -> "OFFLINE      " + move.path("reason").asString("");
            case "SHADOW" ->
                "SHADOW       callers get the closed model; the open one is asked a sample again, and nobody sees it";
            case "RAMP" -> String.format("%-12s of the callers get the open model", share);
            case "OPEN" ->
                "OPEN         " + share + " of the callers get the open model; the rest is held back to compare with";
            case "ROLLED_BACK" -> "ROLLED BACK  " + fault(move.path("guard").asString("")) + " ("
                    + move.path("reason").asString("") + ")";
            default -> String.format("%-12s %s", to, move.path("reason").asString(""));
        };
    }

    private static String fault(String guard) {
        return switch (guard) {
            case "errors" -> "too many requests were left unanswered";
            case "format" -> "too many answers lack their form";
            case "truncated" -> "too many answers are cut off";
            case "latency" -> "too many answers are late";
            case "quality", "drift" -> "too many answers are wrong";
            default -> "by a person or a verdict";
        };
    }

    private static String seen(JsonNode swap) {
        JsonNode candidate = swap.path("candidateSeen");
        var text = new StringBuilder(String.format(Locale.ROOT, "%s: %d %s of the open model (%d needed), %d failed",
                state(swap), candidate.path("requests").asLong(0),
                swap.path("state").asString("").equals("SHADOW") ? "unseen answers" : "answers",
                swap.path("requestsNeeded").asLong(0), candidate.path("failed").asLong(0)));
        for (JsonNode guard : swap.path("guards")) {
            if (guard.path("guard").asString("").equals("quality") && guard.path("seen").asLong(0) > 0) {
                text.append(String.format(Locale.ROOT, ", %.0f of %d graded are wrong", guard.path("bad").asDouble(0),
                        guard.path("seen").asLong(0)));
            }
        }
        return text.toString();
    }

    private static String state(JsonNode swap) {
        String state = swap.path("state").asString("?");
        return state.equals("RAMP")
                ? percent(swap.path("share").asDouble(0))
                : state.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** {@code day 2.5}, by the swaps' clock. */
    private String day(String at) {
        return String.format(Locale.ROOT, "day %4.1f",
                Duration.between(begun, Instant.parse(at)).toSeconds() / (double) Duration.ofDays(1).toSeconds());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
