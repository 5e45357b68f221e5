package dev.pareto.proxy.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.MailServer;
import jakarta.activation.DataHandler;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Hands letters to the mail server of the configuration in force. A letter goes to all its readers or to none. Blocks, for two minutes at
 * most: the server's own time limit holds for each answer, and whatever is under way then is broken off.
 */
public final class Mailer implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Supplier<@Nullable MailServer> server;
    private final InstantSource clock;
    private final Duration longest;

    /** Virtual, for breaking one off closes its line. */
    private final ExecutorService lines = Executors.newVirtualThreadPerTaskExecutor();

    /** @param server null while the configuration names none */
    public Mailer(Supplier<@Nullable MailServer> server, InstantSource clock) {
        this(server, clock, LONGEST);
    }

    Mailer(Supplier<@Nullable MailServer> server, InstantSource clock, Duration longest) {
        this.server = server;
        this.clock = clock;
        this.longest = longest;
    }

    /** Whether there is a server to hand letters to. */
    public boolean ready() {
        return server.get() != null;
    }

    /**
     * @throws MailRefusedException when it would be refused again
     * @throws IOException when it may be taken later
     */
    void send(List<String> readers, Letter letter) throws IOException, InterruptedException {
        MailServer to = server.get();
        if (to == null) {
            throw new MailRefusedException("the configuration names no mail server; write mail: {host: …, from: …}");
        }
        Future<?> sent = lines.submit(() -> {
            hand(to, readers, letter);
            return null;
        });
        try {
            sent.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            sent.cancel(true);
            throw new IOException("the mail server " + place(to) + " took longer than " + longest.toSeconds() + " s",
                    late);
        } catch (InterruptedException stopped) {
            sent.cancel(true);
            throw stopped;
        } catch (ExecutionException failed) {
            throw told(to, failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private static String place(MailServer to) {
        return to.host() + ":" + to.port();
    }

    private static IOException told(MailServer to, Throwable failure) {
        String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            if (cause instanceof AuthenticationFailedException) {
                return new IOException("the mail server " + place(to) + " takes not this user and password", failure);
            }
            if (cause instanceof SMTPAddressFailedException one && one.getReturnCode() / 100 == 5) {
                return new MailRefusedException(
                        "the mail server " + place(to) + " refuses " + one.getAddress() + ": " + said);
            }
            if (cause instanceof SMTPSendFailedException one && one.getReturnCode() / 100 == 5
                    && one.getNextException() == null) {
                return new MailRefusedException("the mail server " + place(to) + " refuses the letter: " + said);
            }
        }
        return new IOException("the mail server " + place(to) + " did not take the letter: " + said, failure);
    }

    private static @Nullable Throwable next(Throwable failure) {
        return failure instanceof MessagingException mail && mail.getNextException() != null
                ? mail.getNextException()
                : failure.getCause();
    }

    private void hand(MailServer to, List<String> readers, Letter letter) throws MessagingException {
        Session session = Session.getInstance(properties(to));
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(to.from()));
        for (String reader : readers) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(reader, true));
        }
        message.setSubject(letter.subject(), UTF_8.name());
        message.setSentDate(Date.from(clock.instant()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setContent(content(letter));
        message.saveChanges();
        try (Transport transport = session.getTransport("smtp")) {
            Secret password = to.password();
            transport.connect(to.user(), password == null ? null : password.reveal());
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private static MimeMultipart content(Letter letter) throws MessagingException {
        var words = new MimeMultipart("alternative");
        var plain = new MimeBodyPart();
        plain.setText(letter.text(), UTF_8.name());
        words.addBodyPart(plain);
        var html = new MimeBodyPart();
        html.setText(letter.html(), UTF_8.name(), "html");
        words.addBodyPart(html);
        var both = new MimeBodyPart();
        both.setContent(words);
        var file = new MimeBodyPart();
        file.setDataHandler(new DataHandler(new ByteArrayDataSource(letter.file().content(), letter.file().type())));
        file.setFileName(letter.file().name());
        file.setDisposition(Part.ATTACHMENT);
        // as it is, byte for byte: mail may change how lines of text end
        file.setHeader("Content-Transfer-Encoding", "base64");
        return new MimeMultipart(both, file);
    }

    private static Properties properties(MailServer to) {
        String patience = String.valueOf(to.timeLimit().toMillis());
        var properties = new Properties();
        properties.setProperty("mail.smtp.host", to.host());
        properties.setProperty("mail.smtp.port", String.valueOf(to.port()));
        properties.setProperty("mail.smtp.connectiontimeout", patience);
        properties.setProperty("mail.smtp.timeout", patience);
        properties.setProperty("mail.smtp.writetimeout", patience);
        properties.setProperty("mail.smtp.auth", String.valueOf(to.user() != null));
        properties.setProperty("mail.smtp.starttls.enable",
                String.valueOf(to.security() == MailServer.Security.STARTTLS));
        properties.setProperty("mail.smtp.starttls.required",
                String.valueOf(to.security() == MailServer.Security.STARTTLS));
        properties.setProperty("mail.smtp.ssl.enable", String.valueOf(to.security() == MailServer.Security.TLS));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.quitwait", "false");
        properties.setProperty("mail.smtp.sendpartial", "false");
        return properties;
    }

    @Override
    public void close() {
        lines.shutdownNow();
    }
}
