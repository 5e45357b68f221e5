package dev.pareto.evals.check;

import java.util.List;
import java.util.function.Predicate;

/** The counts. */
final class DataCheck {

    private final Findings findings;
    private final Work work;

    DataCheck(Findings findings, Work work) {
        this.findings = findings;
        this.work = work;
    }

    void check() {
        List<Pair> used = work.used();
        double n = used.size();
        int planned = findings.at("data.planned").asInt(work.records().all().size());
        findings.holds("data.planned", planned >= work.records().usable().size()
                && (!work.bare() || planned == work.records().all().size()), Integer.toString(planned),
                "records: " + work.records().all().size());
        findings.number("data.n", n);
        findings.number("data.missing", (double) Math.max(0, planned - work.records().usable().size()));
        count("data.candidate_unanswered", pair -> !pair.answered());
        findings.number("data.p_disc", used.stream().filter(pair -> pair.d() != 0).count() / n);
        if (Work.binary(used)) {
            count("data.both", pair -> pair.x() == 1 && pair.y() == 1);
            count("data.only_candidate", pair -> pair.x() > pair.y());
            count("data.only_incumbent", pair -> pair.x() < pair.y());
            count("data.neither", pair -> pair.x() == 0 && pair.y() == 0);
        } else {
            findings.number("data.both", null);
        }
        findings.number("candidate.accuracy", used.stream().mapToDouble(Pair::x).sum() / n);
        findings.number("incumbent.accuracy", used.stream().mapToDouble(Pair::y).sum() / n);
    }

    private void count(String path, Predicate<Pair> which) {
        findings.number(path, (double) work.used().stream().filter(which).count());
    }
}
