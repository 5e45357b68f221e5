package dev.pareto.evals.report;

import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.StoredAnswer;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteGrader;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * A run as JUnit XML, which every build server shows: an item is a test case, a wrong answer a {@code failure}, a missing answer or
 * a grader that failed an {@code error}. Guards do not fail a case.
 */
public final class JUnitXml {

    private static final int LONGEST_ANSWER = 4_000;

    private final Suite suite;
    private final Run run;

    /** @throws IllegalArgumentException when the run is not of that suite */
    public JUnitXml(Suite suite, Run run) {
        this.suite = suite;
        this.run = run;
        if (!run.key().suiteVersion().equals(suite.version())) {
            throw new IllegalArgumentException("the run is not of this version of the suite");
        }
    }

    /** Writes the document. */
    public void write(Writer out) throws XMLStreamException {
        XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuites");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", suite.id() + " " + run.key().model());
        xml.writeAttribute("tests", String.valueOf(run.outcomes().size()));
        xml.writeAttribute("failures", String.valueOf(run.outcomes().stream().filter(this::failed).count()));
        xml.writeAttribute("errors", String.valueOf(run.outcomes().stream().filter(JUnitXml::broken).count()));
        xml.writeAttribute("skipped", "0");
        xml.writeAttribute("timestamp", run.startedAt().truncatedTo(ChronoUnit.SECONDS).toString());
        xml.writeAttribute("time", seconds(run.answers()
                .stream()
                .map(answer -> answer.latency())
                .reduce(Duration.ZERO, Duration::plus)));
        xml.writeCharacters("\n");
        properties(xml);
        for (ItemOutcome outcome : run.outcomes()) {
            testCase(xml, outcome);
        }
        xml.writeEndElement();
        xml.writeCharacters("\n");
        xml.writeEndElement();
        xml.writeCharacters("\n");
        xml.writeEndDocument();
        xml.flush();
    }

    private void properties(XMLStreamWriter xml) throws XMLStreamException {
        Double accuracy = run.accuracy();
        Money cost = run.cost();
        xml.writeStartElement("properties");
        property(xml, "model", run.key().model().toString());
        property(xml, "suite_sha256", suite.version());
        property(xml, "stop", run.stop().name());
        property(xml, "accuracy", accuracy == null ? "unknown" : String.valueOf(accuracy));
        property(xml, "cost", cost == null ? "unknown" : cost.plain() + " " + cost.currency());
        property(xml, "simulated", String.valueOf(run.simulated()));
        xml.writeEndElement();
        xml.writeCharacters("\n");
    }

    private static void property(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeEmptyElement("property");
        xml.writeAttribute("name", name);
        xml.writeAttribute("value", legal(value));
    }

    private void testCase(XMLStreamWriter xml, ItemOutcome outcome) throws XMLStreamException {
        StoredAnswer stored = outcome.answer();
        String stratum = outcome.item().stratum();
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", legal(stratum == null ? suite.id() : suite.id() + "." + stratum));
        xml.writeAttribute("name", legal(outcome.item().id()));
        if (stored != null) {
            xml.writeAttribute("time", seconds(stored.answer().latency()));
        }
        if (broken(outcome) || failed(outcome)) {
            xml.writeStartElement(broken(outcome) ? "error" : "failure");
            xml.writeAttribute("message", legal(reason(outcome)));
            xml.writeAttribute("type", broken(outcome) ? "no-score" : "wrong-answer");
            if (stored != null) {
                String text = stored.answer().text();
                xml.writeCharacters(
                        legal(text.length() <= LONGEST_ANSWER ? text : text.substring(0, LONGEST_ANSWER) + "…"));
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeCharacters("\n");
    }

    private static boolean broken(ItemOutcome outcome) {
        return outcome.score() == null;
    }

    private boolean failed(ItemOutcome outcome) {
        return !broken(outcome) && firstFailure(outcome) != null;
    }

    private String reason(ItemOutcome outcome) {
        String error = outcome.error();
        if (error != null) {
            return error;
        }
        String failure = firstFailure(outcome);
        return failure == null ? outcome.reason() : failure;
    }

    /** Graders that count and say no. */
    private @Nullable String firstFailure(ItemOutcome outcome) {
        Map<String, Grade> grades = outcome.grades();
        List<SuiteGrader> scoring = suite.scoring(outcome.item());
        for (SuiteGrader grader : scoring) {
            Grade grade = grades.get(grader.id());
            if (grade != null && !grade.pass()) {
                return grader.id() + ": " + grade.reason();
            }
        }
        return null;
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 9).setScale(6, RoundingMode.HALF_UP).toPlainString();
    }

    /** XML 1.0 has no way to write most control characters. */
    private static String legal(String text) {
        StringBuilder legal = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> legal.appendCodePoint(
                        c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF)
                                || (c >= 0xE000 && c <= 0xFFFD)
                                || c >= 0x10000 ? c : 0xFFFD));
        return legal.toString();
    }
}
