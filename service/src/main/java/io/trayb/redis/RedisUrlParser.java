package io.trayb.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/** Takes a Redis URL apart. Used once, by one thread. */
final class RedisUrlParser {
    private static final Pattern URL =
            Pattern.compile("(redis|rediss|redis\\+sentinel|rediss\\+sentinel)://([^/?#]*)(/[^?#]*)?");
    private static final Pattern HOST =
            Pattern.compile("(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::(?<port>[0-9]{1,5}))?");
    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;

    private final String text;
    private @Nullable String user;
    private @Nullable String password;

    RedisUrlParser(String text) {
        this.text = text.strip();
    }

    RedisUrl parse() {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw new IllegalArgumentException(
                    "Redis URL: write redis://user:password@host:6379/0, rediss://… for TLS,"
                            + " or redis+sentinel://host1,host2/master; a '/', '?' or '#' in a password is written %2F, %3F, %23");
        }
        boolean sentinel = url.group(1).endsWith("+sentinel");
        List<HostAndPort> hosts = hosts(credentialsAnd(url.group(2)), sentinel ? SENTINEL_PORT : REDIS_PORT);
        String[] path = (url.group(3) == null ? "" : url.group(3).substring(1)).split("/", -1);
        int parts = sentinel ? 2 : 1;
        if (path.length > parts) {
            throw new IllegalArgumentException("Redis URL: the path has too many parts, allowed is "
                    + (sentinel ? "/master or /master/database" : "/database"));
        }
        if (sentinel && path[0].isEmpty()) {
            throw new IllegalArgumentException(
                    "Redis URL: the master's name is missing, write redis+sentinel://host1,host2/master");
        }
        String database = path.length == parts ? path[parts - 1] : "";
        return new RedisUrl(
                hosts,
                sentinel ? path[0] : null,
                url.group(1).startsWith("rediss"),
                user,
                password,
                database(database));
    }

    private String credentialsAnd(String authority) {
        int at = authority.lastIndexOf('@');
        if (at < 0) {
            return authority;
        }
        String credentials = authority.substring(0, at);
        int colon = credentials.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "Redis URL: there is a user but no password, write redis://user:password@host or redis://:password@host");
        }
        user = colon == 0 ? null : decode(credentials.substring(0, colon));
        password = decode(credentials.substring(colon + 1));
        return authority.substring(at + 1);
    }

    private static List<HostAndPort> hosts(String list, int defaultPort) {
        List<HostAndPort> hosts = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            Matcher host = HOST.matcher(part);
            if (!host.matches()) {
                throw new IllegalArgumentException("Redis URL: host is '" + part + "', allowed is host or host:port");
            }
            int port = host.group("port") == null ? defaultPort : Integer.parseInt(host.group("port"));
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("Redis URL: port is " + port + ", allowed is 1 to 65535");
            }
            hosts.add(new HostAndPort(host.group("host"), port));
        }
        return hosts;
    }

    private static int database(String part) {
        if (part.isEmpty()) {
            return 0;
        }
        if (!part.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException("Redis URL: the database is '" + part + "', allowed is a number from 0");
        }
        return Integer.parseInt(part);
    }

    private static String decode(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // The cause is left out on purpose: its message repeats a part of the password.
            throw new IllegalArgumentException(
                    "Redis URL: user or password has a % that isn't followed by two hex digits; write %25 for a %");
        }
    }
}
