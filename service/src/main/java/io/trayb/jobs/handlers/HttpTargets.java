package io.trayb.jobs.handlers;

import io.trayb.jobs.JobFailure;
import java.net.URI;
import java.net.URISyntaxException;

/** Where calls may go, told by URLs alone; what a name leads to is looked at when the connection is opened. Thread-safe. */
final class HttpTargets {
    private static final int MAX_LENGTH = 8 * 1024;
    private static final int MAX_PORT = 65_535;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final HttpAllowList allowed;

    HttpTargets(HttpAllowList allowed) {
        this.allowed = allowed;
    }

    /**
     * Reads a URL.
     *
     * @param what what it is, for messages: {@code payload.url}
     * @throws JobFailure for good, if it is none or may not be called
     */
    URI check(String what, String url) throws JobFailure {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw refused(what, url, "must be an http or https URL");
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        // Without a host are also those that java.net.URI takes for no host: 2130706433, 0x7f.1, 127.1.
        if (!http || uri.getHost() == null || uri.getRawUserInfo() != null || url.length() > MAX_LENGTH) {
            throw refused(
                    what,
                    url,
                    "must be an http or https URL of at most " + MAX_LENGTH
                            + " characters with a host, which is a name or an address written in full, and without a user");
        }
        int port = port(uri);
        if (port < 1 || port > MAX_PORT) {
            throw refused(what, url, "must have a port from 1 to " + MAX_PORT);
        }
        if (!allowed.allowsHost(uri.getHost(), port)) {
            throw JobFailure.permanent("host '" + uri.getHost() + "' may not be called on port " + port
                    + ": the operator names what may be in HTTP_JOB_ALLOW (jobs.httpAllow)");
        }
        return uri;
    }

    /** The port that a URL means. */
    static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }

    private static JobFailure refused(String what, String url, String allowed) {
        // What stands before an @ is a password as like as not.
        String shown = url.indexOf('@') < 0 && url.length() <= MAX_LENGTH ? "is '" + url + "', but " : "";
        return JobFailure.permanent(what + " " + shown + allowed);
    }
}
