package dev.pareto.evals.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * Checks a verdict against its records: seal, names, counts, test, guards, slices, money, decision, sentence. Holds nothing that the
 * verdict says for true but its design, and that only as far as its hash and the seal do. Stateless.
 */
public final class VerdictChecker {

    /** The shape that it knows. */
    static final String SCHEMA = "swap-verdict/1";

    /**
     * @return what was checked, in the order of the verdict
     * @throws IllegalArgumentException when it is no verdict at all
     * @throws IOException when the records cannot be read
     */
    public List<Finding> check(JsonNode verdict, Path records) throws IOException {
        if (!verdict.path("schema").asString("").equals(SCHEMA)) {
            throw new IllegalArgumentException("not a verdict of schema " + SCHEMA);
        }
        PairFile file = PairFile.read(records);
        Work work = Work.of(verdict, file);
        Findings findings = new Findings(verdict);
        new BindingCheck(findings, work).check(verdict);
        new DataCheck(findings, work).check();
        new QualityCheck(findings, work).check();
        new GuardCheck(findings, work).check();
        new SliceCheck(findings, work).check();
        new Economics(findings, work).check();
        new DecisionCheck(findings, work).check();
        return findings.all();
    }
}
