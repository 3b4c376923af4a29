/**
 * {@code warren doctor}: checks the broker, the pool and this host, and reports problems and
 * remedies. Each check adds its findings to one report; no check leaves a change behind. Everything
 * runs on the main thread; threads of the broker only fill queues.
 *
 * <p>Door: {@link dev.warren.cli.doctor.DoctorCommand}, {@link
 * dev.warren.cli.doctor.PoolExamination}.
 */
@NullMarked
package dev.warren.cli.doctor;

import org.jspecify.annotations.NullMarked;
