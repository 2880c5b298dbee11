/** The module for web pages, in a real browser against the real service. */
@NullMarked
package io.trayb.browser;

import org.jspecify.annotations.NullMarked;
