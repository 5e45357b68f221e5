package dev.pareto.evals.grade.content;

import java.io.IOException;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;

import org.jspecify.annotations.Nullable;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

import tools.jackson.databind.JsonNode;

/**
 * The answer must be well-formed XML. Document types are refused, so nothing is expanded or fetched.
 *
 * @param tolerant whether a code fence around it is forgiven
 */
public record XmlValid(boolean tolerant) implements TextGrader {

    private static final Pattern FENCED = Pattern.compile("\\s*```(?:xml|html|svg)?\\s*\\n(.*?)```\\s*",
            Pattern.DOTALL);

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        Matcher fenced = FENCED.matcher(answer);
        String xml = tolerant && fenced.matches() ? fenced.group(1) : answer;
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.newSAXParser().parse(new InputSource(new StringReader(xml.strip())), new DefaultHandler());
            return Grade.right("well-formed");
        } catch (SAXException e) {
            return Grade.unreadable("not XML: " + e.getMessage());
        } catch (IOException | ParserConfigurationException e) {
            return Grade.none("the XML parser failed: " + e.getMessage());
        }
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }
}
