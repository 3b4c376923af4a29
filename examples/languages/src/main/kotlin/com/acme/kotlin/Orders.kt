package com.acme.kotlin

import com.fasterxml.jackson.annotation.JsonSubTypes
import com.fasterxml.jackson.annotation.JsonTypeInfo
import dev.warren.pool.Pool
import dev.warren.task.Fn1
import java.util.function.Supplier
import tools.jackson.databind.json.JsonMapper
import tools.jackson.module.kotlin.KotlinModule

data class Order(val name: String, val cents: Int = 100, val note: String? = null)

@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes(JsonSubTypes.Type(Circle::class), JsonSubTypes.Type(Square::class))
sealed interface Shape

data class Circle(val radius: Double) : Shape

data class Square(val side: Double) : Shape

/** The mapper of callers and children. */
class OrdersJson : Supplier<JsonMapper> {
  override fun get(): JsonMapper =
      JsonMapper.builder().addModule(KotlinModule.Builder().build()).build()
}

fun reduced(order: Order): Order = order.copy(cents = order.cents / 2)

fun swapped(pair: Pair<Int, String>): Pair<String, Int> = Pair(pair.second, pair.first)

fun area(shape: Shape): Double =
    when (shape) {
      is Circle -> 3 * shape.radius * shape.radius
      is Square -> shape.side * shape.side
    }

data class Big(val n: UInt)

fun next(big: Big): Big = Big(big.n + 1u)

fun increased(numbers: List<UInt>): List<UInt> = numbers.map { it + 1u }

fun main() {
  Pool.builder().processes(1).json(OrdersJson::class.java).open().use { pool ->
    println(pool.map(::reduced, listOf(Order("tea"), Order("rum", 500, "dark"))))
    println(pool.map(::swapped, listOf(Pair(1, "a"))))
    println(pool.map(::area, listOf<Shape>(Circle(1.0), Square(2.0))))
    println(pool.map(::next, listOf(Big(4294967294u))))
    println(pool.map(::increased, listOf(listOf(4294967294u))))
    val plus = 5
    println(pool.map(Fn1<Int, Int> { n -> n + plus }, listOf(1, 2)))
  }
}
