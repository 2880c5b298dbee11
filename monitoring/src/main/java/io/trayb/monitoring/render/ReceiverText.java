package io.trayb.monitoring.render;

import io.trayb.monitoring.setup.Alerting;
import io.trayb.monitoring.setup.Contact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A receiver as the template of Alertmanager's configuration wants it: contacts by their kind, each value quoted. What is in
 * Alertmanager's own double braces comes from here, since the template's are Mustache's.
 */
record ReceiverText(
        String name, List<PagerDuty> pagerDuty, List<Slack> slack, List<Email> email, List<Webhook> webhook) {

    static ReceiverText of(String receiver, Alerting alerting) {
        List<Contact> contacts = alerting.of(receiver);
        return new ReceiverText(
                receiver,
                only(contacts, Contact.PagerDuty.class).stream()
                        .map(contact -> new PagerDuty(Json.quoted(contact.routingKeyFile())))
                        .toList(),
                only(contacts, Contact.Slack.class).stream()
                        .map(contact -> new Slack(Json.quoted(contact.urlFile()), Json.quoted(contact.channel())))
                        .toList(),
                only(contacts, Contact.Email.class).stream()
                        .map(contact -> new Email(
                                Json.quoted(contact.to()),
                                Json.quoted(contact.from()),
                                Json.quoted(contact.smarthost()),
                                quotedOrNull(contact.username()),
                                quotedOrNull(contact.passwordFile())))
                        .toList(),
                only(contacts, Contact.Webhook.class).stream()
                        .map(contact ->
                                new Webhook(Json.quoted(contact.url()), quotedOrNull(contact.credentialsFile())))
                        .toList());
    }

    boolean anyPagerDuty() {
        return !pagerDuty.isEmpty();
    }

    boolean anySlack() {
        return !slack.isEmpty();
    }

    boolean anyEmail() {
        return !email.isEmpty();
    }

    boolean anyWebhook() {
        return !webhook.isEmpty();
    }

    String title() {
        return "{{ template \"trayb.title\" . }}";
    }

    String text() {
        return "{{ template \"trayb.text\" . }}";
    }

    String markdown() {
        return "{{ template \"trayb.slack\" . }}";
    }

    String html() {
        return "{{ template \"trayb.html\" . }}";
    }

    String severityText() {
        return "{{ .CommonLabels.severity }}";
    }

    private static <C extends Contact> List<C> only(List<Contact> contacts, Class<C> kind) {
        return contacts.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static @Nullable String quotedOrNull(@Nullable String value) {
        return value == null ? null : Json.quoted(value);
    }

    record PagerDuty(String routingKeyFile) {}

    record Slack(String urlFile, String channel) {}

    record Email(
            String to,
            String from,
            String smarthost,
            @Nullable String username,
            @Nullable String passwordFile) {}

    record Webhook(String url, @Nullable String credentialsFile) {}
}
