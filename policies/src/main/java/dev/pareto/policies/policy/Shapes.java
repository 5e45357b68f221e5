package dev.pareto.policies.policy;

import dev.pareto.policies.yaml.Fields.Shape;
import java.util.Map;

/** Every key of {@code pareto.yaml}; the JSON Schema for editors is tested against this list. */
final class Shapes {

    static final Shape ROOT = Shape.of("configuration", "gateway", "vendors", "default-vendor", "routes", "policies",
            "swaps", "experiments", "floors", "budgets", "commitments", "price-files", "exchange-rates", "ledger",
            "mail",
            "price-proposals");
    static final Shape MAIL = Shape.of("mail", "host", "port", "security", "user", "password", "from", "time-limit");
    static final Shape PRICE_PROPOSALS = Shape.of("price-proposals", "accept");
    static final Shape ACCEPT_PRICES = Shape.of("accept", "at-most", "agreed-by");
    static final Shape LEDGER = Shape.of("ledger", "url", "user", "password", "replica", "keep-months");
    static final Shape POLICY_FILE = Shape.of("policy file", "routes", "policies", "swaps", "experiments",
            "floors", "budgets", "commitments");
    static final Shape COMMITMENT = Shape.of("commitment", "models", "from", "to", "amount", "per", "zone");
    static final Shape BUDGET = Shape.of("budget", "scope", "amount", "per", "starts", "zone", "at", "when-used-up",
            "downgrade-to", "unpriced", "when-unknown", "webhook");
    static final Shape BUDGET_SCOPE = Shape.of("scope", "key", "team", "project", "tag", "tenant", "route", "model",
            "vendor");
    static final Shape GATEWAY = Shape.of("gateway", "host", "port", "admin-host", "admin-port", "admin-names",
            "max-body", "data-dir", "require-keys", "keys", "engine", "speculation", "samples", "feedback");
    static final Shape FEEDBACK = Shape.of("feedback", "max-age", "comments", "keep-labels");
    static final Shape ENGINE = Shape.of("engine", "memory", "unload-after", "pinned");
    static final Shape SPECULATION = Shape.of("speculation", "n-gram", "most-tokens", "most-running", "drafts");
    static final Shape SAMPLES = Shape.of("samples", "key", "keep");
    static final Shape CALLER_KEY = Shape.of("caller key", "secret", "tenant", "tags", "may");
    static final Shape VENDOR = Shape.of("vendor", "dialect", "url", "urls", "key", "open", "hourly-cost", "engine",
            "models-dir", "simulated", "like", "suites", "recorded", "paced", "time-limits", "retries",
            "circuit-breaker", "models",
            "prices");
    static final Shape MACHINE = Shape.of("machine", "capital", "salvage", "life-months", "power", "pue", "electricity",
            "hosting", "operations");
    static final Shape TIME_LIMITS = Shape.of("time-limits", "connect", "first-token", "idle", "total");
    static final Shape CIRCUIT_BREAKER = Shape.of("circuit-breaker", "failure-rate", "window", "wait");
    static final Shape MODEL = Shape.of("model", "context", "max-output", "open", "can", "upstream", "prices");
    static final Shape ROUTE = Shape.of("route", "candidates", "policy", "baseline", "cache", "fallbacks", "sample",
            "rules", "cascade", "hold-out");
    static final Shape ROUTE_RULE = Shape.of("rule", "when", "policy", "only");
    static final Shape CASCADE = Shape.of("cascade", "first", "escalate-to", "gate", "first-tokens", "within",
            "max-answer", "accept", "when-late", "explore");
    static final Shape ACCEPT = Shape.of("accept", "log-probability", "second", "verifier");
    static final Shape LOG_PROBABILITY = Shape.of("log-probability", "mean", "least", "quantiles");
    static final Shape SECOND = Shape.of("second", "model", "temperature");
    static final Shape VERIFIER = Shape.of("verifier", "labels", "margin", "confidence", "at-least");
    static final Shape CACHE = Shape.of("cache", "ttl", "max-entries");
    static final Shape POLICY = Shape.of("policy", "minimise", "maximise", "subject-to", "when-infeasible",
            "stay-unless-better-by", "rules", "explore");
    static final Shape EXPLORE = Shape.of("explore", "share", "accuracy-at-least", "budget", "labels-within");
    static final Shape EXPLORE_BUDGET = Shape.of("budget", "at-most", "per");
    /** A policy that a caller sends: compiling conditions takes too long for that. */
    static final Shape SENT_POLICY = Shape.of("policy", "minimise", "maximise", "subject-to", "when-infeasible",
            "stay-unless-better-by");
    static final Shape POLICY_RULE = Shape.of("rule", "when", "subject-to");
    static final Shape WEIGHTS = Shape.of("minimise", "cost", "latency", "error");
    static final Shape FLOOR = Shape.of("floor", "data-class", "tenant", "route", "accuracy", "latency", "cost",
            "models", "only");
    static final Shape SUBJECT_TO = Shape.of("subject-to", "accuracy", "latency", "cost");
    static final Shape ACCURACY = Shape.of("accuracy", "within", "of", "confidence", "at-least", "per");
    static final Shape LATENCY = Shape.of("latency", "first-token-p95", "total-p95");
    static final Shape COST = Shape.of("cost", "at-most");
    static final Shape SWAP = Shape.of("swap", "to", "suites", "margin", "shadow", "ramp", "dwell", "requests",
            "holdback", "approval", "guards", "exit-margin", "cool-down", "segments", "drift", "judge");
    static final Shape SHADOW = Shape.of("shadow", "sample", "per-day", "at-once", "time-limit");
    static final Shape GUARDS = Shape.of("guards", "errors", "format", "truncated", "slow", "latency", "quality",
            "feedback", "judged", "arl");
    static final Shape DRIFT = Shape.of("drift", "bound", "least", "window");
    static final Shape JUDGE = Shape.of("judge", "model", "kind", "rubric", "calibration", "sample", "per-day",
            "at-once", "time-limit");
    static final Shape SEGMENTS = Shape.of("segments", "by", "closed", "own", "unlabelled");
    static final Shape EXPERIMENT = Shape.of("experiment", "hypothesis", "route", "segment", "traffic", "arms", "unit",
            "unit-missing", "salt", "primary", "guards", "also", "retry-window", "stop", "before");
    static final Shape AUDIENCE = Shape.of("segment", "by", "only", "except");
    static final Shape ARM = Shape.of("arm", "model", "policy", "system", "weight");
    static final Shape PRIMARY = Shape.of("primary", "metric", "better", "minimal-effect");
    static final Shape STOP = Shape.of("stop", "horizon", "most", "least", "alpha", "guard-alpha", "early");

    /** Name of the definition in the JSON Schema to shape; {@code root} is the schema itself. */
    static final Map<String, Shape> BY_DEFINITION = Map.ofEntries(Map.entry("root", ROOT),
            Map.entry("ledger", LEDGER), Map.entry("mail", MAIL), Map.entry("price-proposals", PRICE_PROPOSALS),
            Map.entry("accept-prices", ACCEPT_PRICES),
            Map.entry("gateway", GATEWAY), Map.entry("engine", ENGINE), Map.entry("speculation", SPECULATION),
            Map.entry("caller-key", CALLER_KEY), Map.entry("samples", SAMPLES),
            Map.entry("vendor", VENDOR),
            Map.entry("machine", MACHINE), Map.entry("time-limits", TIME_LIMITS),
            Map.entry("circuit-breaker", CIRCUIT_BREAKER),
            Map.entry("model", MODEL), Map.entry("route", ROUTE), Map.entry("cache", CACHE),
            Map.entry("policy", POLICY), Map.entry("explore", EXPLORE), Map.entry("explore-budget", EXPLORE_BUDGET),
            Map.entry("policy-rule", POLICY_RULE), Map.entry("route-rule", ROUTE_RULE),
            Map.entry("weights", WEIGHTS), Map.entry("floor", FLOOR), Map.entry("subject-to", SUBJECT_TO),
            Map.entry("accuracy", ACCURACY),
            Map.entry("latency", LATENCY), Map.entry("cost", COST), Map.entry("swap", SWAP),
            Map.entry("shadow", SHADOW), Map.entry("guards", GUARDS), Map.entry("segments", SEGMENTS),
            Map.entry("experiment", EXPERIMENT), Map.entry("audience", AUDIENCE), Map.entry("arm", ARM),
            Map.entry("primary", PRIMARY), Map.entry("stop", STOP),
            Map.entry("drift", DRIFT), Map.entry("judge", JUDGE), Map.entry("feedback", FEEDBACK),
            Map.entry("cascade", CASCADE), Map.entry("accept", ACCEPT), Map.entry("log-probability", LOG_PROBABILITY),
            Map.entry("second", SECOND), Map.entry("verifier", VERIFIER), Map.entry("budget", BUDGET),
            Map.entry("budget-scope", BUDGET_SCOPE), Map.entry("commitment", COMMITMENT));

    private Shapes() {}
}
