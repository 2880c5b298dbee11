package io.trayb.monitoring.generate;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.List;

/** Shows what changes between two texts, as {@code diff -u} does. */
final class UnifiedDiff {
    private static final int CONTEXT = 3;

    private UnifiedDiff() {}

    static String of(String path, String onDisk, String fromCode) {
        List<String> before = onDisk.lines().toList();
        return String.join(
                "\n",
                UnifiedDiffUtils.generateUnifiedDiff(
                        path + " (on disk)",
                        path + " (from the code)",
                        before,
                        DiffUtils.diff(before, fromCode.lines().toList()),
                        CONTEXT));
    }
}
