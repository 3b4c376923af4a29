/**
 * Traces of the programs, sent to an OTLP endpoint if a variable names one.
 *
 * <p>Door: {@link dev.warren.cli.trace.Telemetry}. The threads are those of OpenTelemetry's SDK.
 */
@NullMarked
package dev.warren.cli.trace;

import org.jspecify.annotations.NullMarked;
