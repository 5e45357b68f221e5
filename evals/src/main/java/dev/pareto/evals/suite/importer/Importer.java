package dev.pareto.evals.suite.importer;

import java.io.IOException;

import dev.pareto.evals.suite.SuiteException;

/** Reads one foreign format into a draft. Runs no code of the source and opens no connection. */
@FunctionalInterface
interface Importer {

    /** @throws SuiteException when the source is not of this format or nothing of it can be had */
    void read(SourceFiles files, ImportOptions options, Draft draft) throws IOException, SuiteException;
}
