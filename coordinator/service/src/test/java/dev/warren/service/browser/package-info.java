/** A browser for tests of the page. */
package dev.warren.service.browser;
