package dev.warren.lifecycle;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger that makes lines printable and forwards them to another. Thread-safe. */
final class PrintableLogger extends AbstractLogger {
  private static final long serialVersionUID = 1L;

  private final transient Logger target;

  PrintableLogger(Logger target) {
    this.target = target;
    this.name = target.getName();
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String template,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    String text = Printable.line(MessageFormatter.basicArrayFormat(template, arguments));
    Throwable shown = failure == null ? null : PrintableThrowable.of(failure);
    switch (level) {
      case ERROR -> target.error(marker, text, shown);
      case WARN -> target.warn(marker, text, shown);
      case INFO -> target.info(marker, text, shown);
      case DEBUG -> target.debug(marker, text, shown);
      case TRACE -> target.trace(marker, text, shown);
    }
  }

  @Override
  public boolean isTraceEnabled() {
    return target.isTraceEnabled();
  }

  @Override
  public boolean isTraceEnabled(@Nullable Marker marker) {
    return target.isTraceEnabled(marker);
  }

  @Override
  public boolean isDebugEnabled() {
    return target.isDebugEnabled();
  }

  @Override
  public boolean isDebugEnabled(@Nullable Marker marker) {
    return target.isDebugEnabled(marker);
  }

  @Override
  public boolean isInfoEnabled() {
    return target.isInfoEnabled();
  }

  @Override
  public boolean isInfoEnabled(@Nullable Marker marker) {
    return target.isInfoEnabled(marker);
  }

  @Override
  public boolean isWarnEnabled() {
    return target.isWarnEnabled();
  }

  @Override
  public boolean isWarnEnabled(@Nullable Marker marker) {
    return target.isWarnEnabled(marker);
  }

  @Override
  public boolean isErrorEnabled() {
    return target.isErrorEnabled();
  }

  @Override
  public boolean isErrorEnabled(@Nullable Marker marker) {
    return target.isErrorEnabled(marker);
  }
}
