/**
 * Meters: what is counted and measured, by name, and the instruments that do it. It depends on no
 * metrics library; {@code dev.warren.metrics} and the service show the values.
 *
 * <p>Threads: instruments are thread-safe; code that reads them calls gauges on its own thread.
 *
 * <p>Door: {@link dev.warren.meter.Meters}, {@link dev.warren.meter.Meter}, {@link
 * dev.warren.meter.BrokerMeters}.
 */
@NullMarked
package dev.warren.meter;

import org.jspecify.annotations.NullMarked;
