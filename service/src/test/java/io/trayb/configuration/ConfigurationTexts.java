package io.trayb.configuration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.UndefinedEnvironmentVariableException;
import io.trayb.fuzz.Promise;
import java.util.Map;

/** What a fuzzer asks of what a configuration file may say. */
public final class ConfigurationTexts {
    private static final String PASSWORD = "p${X:-y}#'\": {";

    private ConfigurationTexts() {}

    /** A value with variables in it. */
    public static void substituted(String text) {
        ObjectNode file = JsonNodeFactory.instance.objectNode().put("key", text);
        try {
            new EnvironmentSubstitution(Map.of("PASSWORD", PASSWORD, "PORT", "8080")).apply(file);
        } catch (UndefinedEnvironmentVariableException refused) {
            return;
        } catch (IllegalStateException circle) {
            // A variable whose name is made of itself.
            Promise.saysWhy(circle);
            return;
        }
        if (text.equals("${PASSWORD}")) {
            Promise.that(file.path("key").asText().equals(PASSWORD), "a value is a value, whatever is in it");
        }
    }

    /** A sentence about a configuration that has a URL in it. */
    public static void masked(String text) {
        String password = "hush-hush-hush";
        if (text.contains("hush")) {
            // A fuzzer finds out what is looked for, and says it elsewhere.
            return;
        }
        String shown =
                Secrets.masked("postgresql://user:" + password + text.replaceAll("[\\s'\"@]", "") + "@host/db " + text);
        Promise.that(!shown.contains(password), "shows no password");
    }
}
