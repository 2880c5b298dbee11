package io.trayb.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import io.dropwizard.logging.common.PrefixedRootCauseFirstThrowableProxyConverter;

/** Stack traces as Dropwizard has them, each line after a {@code !}; what their messages have of clients is made printable. Thread-safe. */
final class PrintableThrowable extends PrefixedRootCauseFirstThrowableProxyConverter {
    @Override
    protected String throwableProxyToString(IThrowableProxy thrown) {
        return PrintableMessage.printableLines(super.throwableProxyToString(thrown));
    }
}
