package dev.warren.broker.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import dev.warren.testkit.ForeignMessages;
import dev.warren.wire.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RabbitMQ's client can decode every frame that passes the filter, for any message. */
class InboundFramesTest {

  private static BasicProperties.Builder properties(Map<String, Object> headers) {
    return new BasicProperties.Builder()
        .contentType("text/plain")
        .contentEncoding("gzip")
        .headers(headers)
        .deliveryMode(2)
        .priority(255)
        .correlationId("correlation")
        .replyTo("replies")
        .expiration("soon")
        .messageId("the id")
        .timestamp(Date.from(Instant.EPOCH))
        .type("a type")
        .userId("user")
        .appId("app")
        .clusterId("cluster");
  }

  private static byte[] message(Map<String, Object> headers, byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    properties(headers).build().toFrame(1, body.length).writeTo(out);
    out.writeByte(AMQP.FRAME_BODY);
    out.writeShort(1);
    out.writeInt(body.length);
    out.write(body);
    out.writeByte(AMQP.FRAME_END);
    return bytes.toByteArray();
  }

  /** Returns the frames after the filter, for any split of the bytes. */
  private static List<Frame> frames(byte[] bytes, Random random) throws IOException {
    InputStream slow =
        new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(4000)));
          }
        };
    DataInputStream in = new DataInputStream(new InboundFrames(slow));
    List<Frame> frames = new ArrayList<>();
    while (true) {
      try {
        frames.add(frame(in));
      } catch (EOFException e) {
        return frames;
      }
    }
  }

  private static Frame frame(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    int channel = in.readUnsignedShort();
    byte[] payload = new byte[in.readInt()];
    in.readFully(payload);
    assertThat(in.readUnsignedByte()).isEqualTo(AMQP.FRAME_END);
    return new Frame(type, channel, payload);
  }

  private static BasicProperties decoded(Frame frame) throws IOException {
    return (BasicProperties) AMQImpl.readContentHeaderFrom(frame.getInputStream());
  }

  @Test
  void a_too_deeply_nested_header_is_replaced_and_the_rest_kept() throws IOException {
    for (int depth : new int[] {17, 33, 40, 300}) {
      byte[] body = "the body".getBytes(StandardCharsets.UTF_8);
      List<Frame> frames =
          frames(
              message(Map.of("h", ForeignMessages.nested(depth), "warren-version", 1), body),
              new Random(depth));
      assertThat(frames).hasSize(2);
      BasicProperties properties = decoded(frames.get(0));
      assertThat(properties.getHeaders().get(Headers.UNREADABLE).toString())
          .isEqualTo("its headers are nested more than 16 levels deep");
      assertThat(properties.getHeaders()).doesNotContainKey("h");
      assertThat(properties)
          .usingRecursiveComparison()
          .ignoringFields("headers", "bodySize")
          .isEqualTo(properties(Map.of()).build());
      assertThat(properties.getBodySize()).isEqualTo(body.length);
      assertThat(frames.get(1).getPayload()).isEqualTo(body);
    }
  }

  @Test
  void messages_that_differ_only_in_unreadable_headers_are_distinguishable() throws IOException {
    Random random = new Random(1);
    BasicProperties one =
        decoded(
            frames(message(Map.of("a", ForeignMessages.nested(40)), new byte[1]), random).get(0));
    BasicProperties other =
        decoded(
            frames(message(Map.of("b", ForeignMessages.nested(40)), new byte[1]), random).get(0));
    assertThat(one.getHeaders()).isNotEqualTo(other.getHeaders());
  }

  @Test
  void decodable_messages_pass_unchanged() throws IOException {
    Map<String, Object> headers = new HashMap<>();
    headers.put("deep", ForeignMessages.nested(HeaderFrame.DEEPEST - 1));
    headers.put("decimal", new BigDecimal("12345.678"));
    headers.put("bytes", new byte[] {1, 2});
    headers.put("time", Date.from(Instant.ofEpochSecond(1)));
    headers.put("nothing", null);
    headers.put("numbers", List.of(1, 2L, (short) 3, (byte) 4, 1.5, 1.5f, true));
    headers.put("long", "x".repeat(100_000));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 50; i++) {
      all.writeBytes(message(i % 7 == 0 ? headers : Map.of("n", i), new byte[i * 1000]));
      all.writeBytes(new byte[] {AMQP.FRAME_HEARTBEAT, 0, 0, 0, 0, 0, 0, (byte) AMQP.FRAME_END});
    }
    InputStream in = new InboundFrames(new ByteArrayInputStream(all.toByteArray()));
    assertThat(in.readAllBytes()).isEqualTo(all.toByteArray());
  }

  @Test
  void bytes_of_another_protocol_pass_unchanged() throws IOException {
    byte[] http = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    assertThat(new InboundFrames(new ByteArrayInputStream(http)).readAllBytes()).isEqualTo(http);
  }

  @Test
  void too_many_headers_are_replaced() throws IOException {
    Map<String, Object> headers = new HashMap<>();
    for (int i = 0; i <= HeaderFrame.MAX_VALUES; i++) {
      headers.put("h" + i, null);
    }
    BasicProperties properties =
        decoded(frames(message(headers, new byte[3]), new Random(1)).get(0));
    assertThat(properties.getHeaders().get(Headers.UNREADABLE).toString())
        .isEqualTo("it has more than 2000 headers");
  }

  @Test
  void damaged_headers_can_all_be_decoded() throws IOException {
    Random random = new Random(14);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes =
          message(
              Map.of("h", ForeignMessages.nested(random.nextInt(40)), "n", i, "t", "text"),
              new byte[2]);
      int header = bytes.length - 2 - 8 - 8;
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        // after class, weight and body size
        bytes[7 + 12 + random.nextInt(header - 12)] = (byte) random.nextInt(256);
      }
      List<Frame> frames = frames(bytes, random);
      assertThat(frames).hasSize(2);
      try {
        assertThat(decoded(frames.get(0)).getBodySize()).isEqualTo(2);
      } catch (IOException | RuntimeException e) {
        fail("message " + i, e);
      }
    }
  }
}
