package io.trayb.monitoring.render;

/** A key and a value, quoted where it needs to be, for a template. */
record Pair(String key, String value) {}
