package dev.pareto.dashboards.testing.books;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Who asks, for what, and which models answer: sixty teams of fifteen departments on twelve routes. */
final class Cast {

    /** A model that no price book knows. */
    static final String UNPRICED = "nova/preview-2";
    /** A model on an own machine, at no price a token. */
    static final String OWN = "local/support-desk";

    private static final int SLOTS = 4_096;
    private static final List<String> DEPARTMENTS = List.of("support", "search", "sales", "marketing", "finance",
            "legal", "people", "platform", "data", "mobile", "logistics", "risk", "research", "partners", "media");
    private static final List<String> TEAMS = List.of("core", "north", "south", "labs");

    /**
     * A kind of work.
     *
     * @param models in the order of preference, as shares of a whole of 100
     * @param baseline what would have answered without a gateway
     * @param prompt median of the prompt's tokens
     * @param output median of the answer's tokens
     * @param cached how often most of the prompt is a known beginning
     * @param cascade whether a cheap model tries first and a judge decides
     */
    record Route(String name, String alias, List<Share> models, String baseline, int prompt, int output, double cached,
            boolean cascade, double shadow, String tier) {

        Route {
            models = List.copyOf(models);
        }
    }

    record Share(String model, int percent) {}

    /** A team at one kind of work, as its tags tell. */
    record Seat(String tenant, String[] tags, Route route) {}

    static final List<Route> ROUTES = List.of(
            new Route("support-chat", "gpt-5.4", shares("openai/gpt-5.4-mini 34", "anthropic/claude-haiku-4-5 20",
                    OWN + " 26", "openai/gpt-5.4 16", "openai/gpt-4o-mini 4"), "openai/gpt-5.4", 1_900, 220, 0.55, true,
                    0.02, "standard"),
            new Route("search-answers", "gemini-2.5-flash", shares("google/gemini-2.5-flash 40",
                    "google/gemini-3.5-flash 25", "perplexity/sonar 10", "openai/gpt-5-mini 25"),
                    "google/gemini-2.5-pro", 3_800, 260, 0.30, false, 0.01, "standard"),
            new Route("code-review", "claude-sonnet-4-6", shares("anthropic/claude-sonnet-4-6 45",
                    "anthropic/claude-opus-4-8 15", "openai/gpt-5.2 20", "mistral/codestral-2508 12",
                    "mistral/devstral-2512 8"), "anthropic/claude-opus-4-8", 9_500, 900, 0.70, false, 0, "standard"),
            new Route("summarise", "gpt-4o", shares("openai/gpt-4.1-mini 30", "google/gemini-2.5-flash-lite 30",
                    "groq/llama-3.3-70b-versatile 15", "openai/gpt-4o 15", "aws/nova-lite 10"), "openai/gpt-4o", 5_200,
                    320, 0.10, false, 0.03, "standard"),
            new Route("translate", "gpt-4o", shares("mistral/mistral-small-2603 35", "openai/gpt-4o-mini 35",
                    "openai/gpt-4o 20", "dashscope/qwen3.6-plus 10"), "openai/gpt-4o", 700, 640, 0.15, true, 0,
                    "standard"),
            new Route("extract-invoices", "gemini-2.5-flash", shares("google/gemini-2.5-flash-lite 45",
                    "google/gemini-3.1-flash-lite 20", "openai/gpt-4.1-nano 25", "openai/gpt-4.1 10"),
                    "openai/gpt-4.1", 2_600, 380, 0.40, false, 0.01, "standard"),
            new Route("classify-tickets", "gpt-4.1-nano", shares(OWN + " 45", "openai/gpt-5-nano 30",
                    "groq/llama-3.1-8b-instant 15", "aws/nova-micro 10"), "openai/gpt-5-mini", 420, 14, 0.35, false, 0,
                    "standard"),
            new Route("sales-mail", "claude-sonnet-4-5", shares("anthropic/claude-haiku-4-5 50",
                    "anthropic/claude-sonnet-4-5 35", "zai/GLM-5.3 15"), "anthropic/claude-sonnet-4-5", 1_100, 420,
                    0.25, false, 0.01, "standard"),
            new Route("agent-tools", "gpt-5.5", shares("openai/gpt-5.5 25", "openai/gpt-5.6-terra 20",
                    "anthropic/claude-sonnet-4-6 25", "moonshotai/kimi-k2.6 15", "x-ai/grok-4.3 15"), "openai/gpt-5.5",
                    14_000, 700, 0.80, false, 0, "standard"),
            new Route("legal-search", "claude-opus-4-8", shares("anthropic/claude-opus-4-8 40",
                    "google/gemini-2.5-pro 30", "openai/o3 15", "perplexity/sonar-pro 15"),
                    "anthropic/claude-opus-4-8", 11_000, 1_100, 0.45, false, 0, "standard"),
            new Route("report-writer", "gpt-5", shares("openai/gpt-5 40", "deepseek/deepseek-v4-pro 25",
                    "minimax/minimax-m3 15", "fireworks/kimi-k2p6 20"), "openai/gpt-5", 4_400, 1_600, 0.20, false,
                    0.01, "standard"),
            new Route("nightly-enrich", "gpt-4.1-mini", shares("openai/gpt-4.1-mini 55",
                    "openai/gpt-4.1-nano 35", UNPRICED + " 2", "openai/gpt-4o-mini 8"), "openai/gpt-4.1-mini", 1_500,
                    120, 0.60, false, 0, "batch"));

    private static final List<String> FALLBACKS = List.of("openai/gpt-4.1", "anthropic/claude-haiku-4-5",
            "google/gemini-2.5-flash", "together/meta-llama/Llama-3.3-70B-Instruct-Turbo", "cerebras/gpt-oss-120b");

    private final Seat[] slots = new Seat[SLOTS];
    /** Whose agent runs wild. */
    private final Seat wild;

    Cast(RandomGenerator random) {
        List<Seat> seats = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        int team = 0;
        for (String department : DEPARTMENTS) {
            for (String part : TEAMS) {
                double size = 1 / Math.pow(1 + team % 17, 0.8);
                int kinds = 1 + random.nextInt(3);
                for (int i = 0; i < kinds; i++) {
                    Route route = ROUTES.get((team * 5 + i * 7) % ROUTES.size());
                    seats.add(seat(department, part, team, route));
                    weights.add(size * (0.4 + random.nextDouble()));
                }
                team++;
            }
        }
        double whole = weights.stream().mapToDouble(Double::doubleValue).sum();
        int slot = 0;
        double upTo = 0;
        for (int i = 0; i < seats.size(); i++) {
            upTo += weights.get(i) / whole * SLOTS;
            while (slot < SLOTS && slot < upTo) {
                slots[slot++] = seats.get(i);
            }
        }
        while (slot < SLOTS) {
            slots[slot++] = seats.getLast();
        }
        wild = seats.stream().filter(seat -> seat.route().name().equals("agent-tools")).findFirst().orElseThrow();
    }

    Seat anyone(RandomGenerator random) {
        return slots[random.nextInt(SLOTS)];
    }

    Seat wild() {
        return wild;
    }

    /**
     * @param later the part of the period that is over: in its second half the second model takes over from the first one
     */
    static String model(Route route, double later, RandomGenerator random) {
        int point = random.nextInt(100);
        for (int i = 0; i < route.models().size(); i++) {
            Share share = route.models().get(i);
            if (point < share.percent()) {
                boolean moves = i == 0 && route.models().size() > 1 && random.nextDouble() < (later - 0.5) * 0.7;
                return moves ? route.models().get(1).model() : share.model();
            }
            point -= share.percent();
        }
        return route.models().getFirst().model();
    }

    static String fallback(RandomGenerator random) {
        return FALLBACKS.get(random.nextInt(FALLBACKS.size()));
    }

    private static Seat seat(String department, String part, int team, Route route) {
        return new Seat(department, new String[]{"cost-centre", String.valueOf(4_000 + team / 4 * 10), "environment",
                team % 4 == 3 ? "staging" : "production", "team", department + "-" + part}, route);
    }

    private static List<Share> shares(String... texts) {
        List<Share> shares = new ArrayList<>();
        for (String text : texts) {
            int space = text.indexOf(' ');
            shares.add(new Share(text.substring(0, space), Integer.parseInt(text.substring(space + 1))));
        }
        return shares;
    }
}
