/**
 * The page of a coordinator: static files that show in a browser what the API tells. The files are
 * resources of this package and of the jars of the libraries that the page uses; there is no build
 * step.
 *
 * <p>Answers run on threads of the server. Door: {@link dev.warren.service.page.PageFiles}.
 */
@NullMarked
package dev.warren.service.page;

import org.jspecify.annotations.NullMarked;
