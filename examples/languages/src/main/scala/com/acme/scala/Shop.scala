package com.acme.scala

import dev.warren.pool.Pool
import dev.warren.task.Fn1
import java.util.function.Supplier
import tools.jackson.databind.json.JsonMapper
import tools.jackson.module.scala.DefaultScalaModule

case class Item(name: String, cents: Int, tags: List[String], note: Option[String])

class ShopJson extends Supplier[JsonMapper]:
  def get(): JsonMapper = JsonMapper.builder().addModule(DefaultScalaModule()).build()

object Prices:
  def reduced(item: Item): Item = item.copy(cents = item.cents / 2, note = Some("sale"))

object Shop:
  def main(args: Array[String]): Unit =
    val pool = Pool.builder().processes(1).json(classOf[ShopJson]).open()
    try
      val items = java.util.List.of(Item("tea", 100, List("a", "b"), None))
      val fn: Fn1[Item, Item] = item => Prices.reduced(item)
      println(pool.map(fn, items))
      val plus = 5
      val add: Fn1[Int, Int] = n => n + plus
      println(pool.map(add, java.util.List.of(1, 2)))
    finally pool.close()
