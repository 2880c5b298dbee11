package io.trayb.monitoring.setup;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One way to tell somebody. Secrets are never here: files that Alertmanager reads hold them, each named by its path, absolute or
 * beside {@code alertmanager.yml}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Contact.Slack.class, name = "slack"),
    @JsonSubTypes.Type(value = Contact.Email.class, name = "email"),
    @JsonSubTypes.Type(value = Contact.Webhook.class, name = "webhook"),
    @JsonSubTypes.Type(value = Contact.PagerDuty.class, name = "pagerduty")
})
public sealed interface Contact {
    /**
     * A Slack channel.
     *
     * @param channel such as {@code #operations}
     * @param urlFile the file with the incoming webhook's address
     */
    record Slack(
            @JsonProperty("channel") String channel,
            @JsonProperty("urlFile") String urlFile) implements Contact {
        public Slack {
            require("slack", "channel", channel);
            require("slack", "urlFile", urlFile);
        }
    }

    /**
     * A mailbox.
     *
     * @param smarthost the server that sends, {@code host:port}
     * @param username at that server, or null where it asks for none
     * @param passwordFile the file with the password, or null
     */
    record Email(
            @JsonProperty("to") String to,
            @JsonProperty("from") String from,
            @JsonProperty("smarthost") String smarthost,
            @JsonProperty("username") @Nullable String username,
            @JsonProperty("passwordFile") @Nullable String passwordFile)
            implements Contact {
        public Email {
            require("email", "to", to);
            require("email", "from", from);
            require("email", "smarthost", smarthost);
            if ((username == null) != (passwordFile == null)) {
                throw new IllegalArgumentException(
                        "an email contact has either both username and passwordFile, or neither");
            }
        }
    }

    /**
     * A program that takes Alertmanager's own JSON.
     *
     * @param url where to; no secret may be in it
     * @param credentialsFile the file with the bearer token, or null where it asks for none
     */
    record Webhook(
            @JsonProperty("url") String url,
            @JsonProperty("credentialsFile") @Nullable String credentialsFile) implements Contact {
        public Webhook {
            require("webhook", "url", url);
            if (!URI.create(url).isAbsolute()) {
                throw new IllegalArgumentException(
                        "a webhook's url is '" + url + "', but must begin with http:// or https://");
            }
        }
    }

    /**
     * A service at PagerDuty, which wakes whoever is on call.
     *
     * @param routingKeyFile the file with the integration key of the Events API v2
     */
    record PagerDuty(@JsonProperty("routingKeyFile") String routingKeyFile) implements Contact {
        public PagerDuty {
            require("pagerduty", "routingKeyFile", routingKeyFile);
        }
    }

    private static void require(String type, String key, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("a contact of type " + type + " must have " + key);
        }
    }
}
