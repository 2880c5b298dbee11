/**
 * Everything that reads a text from outside, fed with texts that a fuzzer bends by what they reach.
 *
 * <pre>
 *   corpus/*  ──►  ParsersTest     each text that is committed, at each build: what was found once stays found
 *        └──────►  FuzzingTest     Jazzer in a JVM of its own, some seconds at each build, minutes by --long
 *                       │
 *                       ▼
 *                  Parsers         the first letter chooses the parser, the rest is its text
 * </pre>
 */
@NullMarked
package io.trayb.fuzz;

import org.jspecify.annotations.NullMarked;
