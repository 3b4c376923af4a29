/**
 * What operators do with a pool through a coordinator, apart from its jobs: look at dead letters,
 * redrive or drop them, and have everything examined. Requests block while the broker answers.
 *
 * <p>Door: {@link dev.warren.service.operate.DeadRoutes}, {@link
 * dev.warren.service.operate.DoctorRoute}, {@link dev.warren.service.operate.Examination}.
 */
@NullMarked
package dev.warren.service.operate;

import org.jspecify.annotations.NullMarked;
