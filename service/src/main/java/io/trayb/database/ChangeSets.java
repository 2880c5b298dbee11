package io.trayb.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.resource.Resource;

/**
 * The change sets that this version of the product knows, read from the first lines of each in {@code migrations/*.sql}.
 *
 * <p>Readiness asks each second whether a database has them all; setting up Liquibase for that takes half a second of
 * processor time. A test holds that Liquibase finds the same ones.
 *
 * @param ids {@code author:id}, in the order in which they are applied
 */
record ChangeSets(List<String> ids) {
    private static final Pattern CHANGE_SET = Pattern.compile("(?m)^--\\s*changeset\\s+(\\S+?):(\\S+)");

    ChangeSets {
        ids = List.copyOf(ids);
    }

    /** Those of a folder on the class path, such as {@code migrations/}. */
    @SuppressWarnings("try") // close() declares Exception, and with it InterruptedException, which it doesn't throw.
    static ChangeSets in(String folder) {
        try (ClassLoaderResourceAccessor resources = new ClassLoaderResourceAccessor()) {
            List<Resource> files = new ArrayList<>(resources.search(folder, false));
            files.removeIf(file -> !file.getPath().endsWith(".sql"));
            files.sort((a, b) -> a.getPath().compareTo(b.getPath()));
            List<String> ids = new ArrayList<>();
            for (Resource file : files) {
                ids.addAll(read(file));
            }
            return new ChangeSets(ids);
        } catch (Exception e) {
            throw new IllegalStateException("the migrations on the class path can't be read", e);
        }
    }

    /** Those that are not among the applied, in order. */
    List<String> without(Collection<String> applied) {
        return ids.stream().filter(id -> !applied.contains(id)).toList();
    }

    private static List<String> read(Resource file) throws IOException {
        try (InputStream in = file.openInputStream()) {
            Matcher matcher = CHANGE_SET.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return matcher.results()
                    .map(found -> found.group(1) + ":" + found.group(2))
                    .toList();
        }
    }
}
