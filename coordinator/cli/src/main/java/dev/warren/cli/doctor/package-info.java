/**
 * {@code warren doctor}: looks at the broker, the pool and this host, and says what is wrong and
 * what to do. Each check adds its findings to one report; none changes anything that stays. All on
 * the main thread; the broker's threads only fill queues.
 *
 * <p>Door: {@link dev.warren.cli.doctor.DoctorCommand}.
 */
@NullMarked
package dev.warren.cli.doctor;

import org.jspecify.annotations.NullMarked;
