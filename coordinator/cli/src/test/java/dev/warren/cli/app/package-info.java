/** A user's program: the tests pack it into a jar and give it to the command line as --app. */
@NullMarked
package dev.warren.cli.app;

import org.jspecify.annotations.NullMarked;
