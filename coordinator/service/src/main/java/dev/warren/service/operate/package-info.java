/**
 * What operators do with a pool through a coordinator, apart from its jobs: look at dead letters,
 * redrive or drop them, have everything examined, and see what was done. Requests block while the
 * broker or the store answers.
 *
 * <p>Door: {@link dev.warren.service.operate.Audit}, {@link dev.warren.service.operate.DeadRoutes},
 * {@link dev.warren.service.operate.DoctorRoute}, {@link dev.warren.service.operate.Examination}.
 */
@NullMarked
package dev.warren.service.operate;

import org.jspecify.annotations.NullMarked;
