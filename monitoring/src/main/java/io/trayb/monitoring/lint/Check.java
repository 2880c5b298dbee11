package io.trayb.monitoring.lint;

import io.trayb.monitoring.Catalog;
import java.util.List;

/** One thing that a catalogue is examined for. */
interface Check {
    /** In lower case with hyphens; documented under it, and printed with every finding. */
    String name();

    List<Finding> examine(Catalog catalog);
}
