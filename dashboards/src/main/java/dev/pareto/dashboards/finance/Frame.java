package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Question;
import java.time.Instant;

/** What every report carries: what it was asked, in which currency it answers, when, and how far to rely on it. */
public record Frame(Question asked, String currency, Instant generatedAt, Trust trust) {}
