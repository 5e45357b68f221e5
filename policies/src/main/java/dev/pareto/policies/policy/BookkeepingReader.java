package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.MailServer.Security;
import dev.pareto.policies.sheet.market.AcceptanceRule;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.YamlException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what is settled for the books: {@code ledger.keep-months}, {@code mail} and {@code price-proposals}. */
final class BookkeepingReader {

    private final SecretReader secrets;

    BookkeepingReader(SecretReader secrets) {
        this.secrets = secrets;
    }

    Bookkeeping read(Fields root) {
        Tree ledger = root.tree("ledger");
        Integer months = ledger == null ? null : Fields.of(ledger, Shapes.LEDGER).count("keep-months");
        MailServer mail = mail(root.tree("mail"));
        AcceptanceRule accepts = accepts(root);
        return Fields.at(root.place("ledger"), "ledger", () -> new Bookkeeping(months, mail, accepts));
    }

    private @Nullable MailServer mail(@Nullable Tree tree) {
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.MAIL);
        Security stated = fields.read("security", BookkeepingReader::security);
        Security security = stated == null ? Security.STARTTLS : stated;
        Secret password = secrets.read(fields.tree("password"), "password");
        return Fields.at(tree.place(), "mail",
                () -> new MailServer(fields.required("host"), fields.count("port", security.usualPort()), security,
                        stated(fields.text("user")), password, fields.required("from"),
                        fields.duration("time-limit", MailServer.USUAL_TIME_LIMIT)));
    }

    /** A variable that is empty states nothing. */
    private static @Nullable String stated(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static Security security(String text) {
        return Arrays.stream(Security.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("write starttls, tls or none, not '" + text + "'"));
    }

    static @Nullable AcceptanceRule accepts(Fields root) {
        Tree proposals = root.tree("price-proposals");
        Tree tree = proposals == null ? null : Fields.of(proposals, Shapes.PRICE_PROPOSALS).tree("accept");
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.ACCEPT_PRICES);
        BigDecimal atMost = fields.read("at-most", BookkeepingReader::percent);
        if (atMost == null) {
            throw new YamlException(tree.place(), "'accept' says not how large a change may be",
                    "write at-most: 5 %");
        }
        return Fields.at(tree.place(), "accept",
                () -> new AcceptanceRule(atMost, fields.count("agreed-by", AcceptanceRule.USUAL_CATALOGUES)));
    }

    /** Exact, for prices are compared with it. */
    private static BigDecimal percent(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,4})?\\s*%")) {
            throw new IllegalArgumentException("write a share with its unit, such as 5 %, not '" + text + "'");
        }
        return new BigDecimal(text.replace("%", "").strip());
    }
}
