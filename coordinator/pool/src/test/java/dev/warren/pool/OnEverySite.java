package dev.warren.pool;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What depends on the broker or the worker's life: tested on {@code local:} and over RabbitMQ. */
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@MethodSource("dev.warren.pool.Site#all")
abstract class OnEverySite extends Conformance {}
