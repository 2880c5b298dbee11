package io.trayb.monitoring.setup;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.trayb.monitoring.alert.Receivers;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom alerts are told, and how. Immutable.
 *
 * @param contacts by the receiver's name, such as {@code platform-page}; a receiver without any has nowhere to send to
 * @param officeHours when tickets are sent
 * @param externalLabels put by Prometheus on whatever it tells others
 * @param runbookUrl goes before {@code docs/runbooks/…} in the alerts' links; empty, or ends in a slash
 * @param grafanaUrl goes before {@code /d/…} in the alerts' links; empty, or an address without a slash at its end
 */
public record Alerting(
        Map<String, List<Contact>> contacts,
        OfficeHours officeHours,
        Map<String, String> externalLabels,
        String runbookUrl,
        String grafanaUrl) {
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /** Alerts show on Alertmanager's page, and go nowhere. */
    public static final Alerting NOBODY = new Alerting(null, null, null, null, null);

    /** Alerting; what is missing is as in {@link #NOBODY}. */
    public Alerting(
            @JsonProperty("contacts") @Nullable Map<String, List<Contact>> contacts,
            @JsonProperty("officeHours") @Nullable OfficeHours officeHours,
            @JsonProperty("externalLabels") @Nullable Map<String, String> externalLabels,
            @JsonProperty("runbookUrl") @Nullable String runbookUrl,
            @JsonProperty("grafanaUrl") @Nullable String grafanaUrl) {
        this.contacts = contacts == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(contacts));
        this.officeHours = officeHours == null ? OfficeHours.DEFAULT : officeHours;
        this.externalLabels =
                externalLabels == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(externalLabels));
        this.runbookUrl = runbookUrl == null ? "" : runbookUrl;
        this.grafanaUrl = grafanaUrl == null ? "" : grafanaUrl;
        this.contacts.keySet().stream()
                .filter(receiver -> !Receivers.thatTell().contains(receiver))
                .findFirst()
                .ifPresent(receiver -> {
                    throw new IllegalArgumentException("alerting.contacts names '" + receiver + "', but there are "
                            + String.join(", ", Receivers.thatTell()));
                });
        this.externalLabels.keySet().stream()
                .filter(label -> !LABEL.matcher(label).matches())
                .findFirst()
                .ifPresent(label -> {
                    throw new IllegalArgumentException(
                            "alerting.externalLabels has '" + label + "', but a label must match " + LABEL);
                });
        if (!this.runbookUrl.isEmpty() && !this.runbookUrl.endsWith("/")) {
            throw new IllegalArgumentException("alerting.runbookUrl is '" + this.runbookUrl
                    + "', but must end in a slash: docs/runbooks/ follows");
        }
        if (this.grafanaUrl.endsWith("/")) {
            throw new IllegalArgumentException(
                    "alerting.grafanaUrl is '" + this.grafanaUrl + "', but must not end in a slash: /d/ follows");
        }
    }

    /** The same with one more label, unless it has its own value for it. */
    Alerting labelled(String label, String value) {
        Map<String, String> labels = new TreeMap<>(externalLabels);
        labels.putIfAbsent(label, value);
        return new Alerting(contacts, officeHours, labels, runbookUrl, grafanaUrl);
    }

    /** Ways to tell a receiver; empty when there is none. */
    public List<Contact> of(String receiver) {
        return contacts.getOrDefault(receiver, List.of());
    }
}
