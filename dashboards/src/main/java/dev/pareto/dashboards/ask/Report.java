package dev.pareto.dashboards.ask;

/** The answer to a question: its components are its JSON, and its main table is a sheet for {@code format=csv}. */
public interface Report {

    Sheet sheet();
}
