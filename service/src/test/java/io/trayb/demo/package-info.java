@NullMarked
package io.trayb.demo;

import org.jspecify.annotations.NullMarked;
