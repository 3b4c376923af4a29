/**
 * What users write against and what crosses the wire: functions, options, the context inside a
 * call, and how a call ended. Everything here is immutable or confined to one call; no threads.
 *
 * <p>Door: all of it. Nothing in this package knows a broker, a process or JSON.
 */
@NullMarked
package dev.warren.task;

import org.jspecify.annotations.NullMarked;
