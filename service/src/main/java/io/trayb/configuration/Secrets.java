package io.trayb.configuration;

import java.util.regex.Pattern;

/** Takes passwords out of what is shown to people. */
final class Secrets {
    /** User and password in front of the last @ of a URL's authority, whether encoded properly or not. */
    private static final Pattern CREDENTIALS = Pattern.compile("(://)[^\\s'\"]*@");

    private static final Pattern PARAMETER = Pattern.compile("(?i)(password|secret|token)(\\s*[=:]\\s*)[^\\s&'\",}]+");

    private Secrets() {}

    static String masked(String text) {
        return PARAMETER.matcher(CREDENTIALS.matcher(text).replaceAll("$1***@")).replaceAll("$1$2***");
    }
}
