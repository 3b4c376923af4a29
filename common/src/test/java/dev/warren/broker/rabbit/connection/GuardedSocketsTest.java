package dev.warren.broker.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.lifecycle.NamedThreads;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS through the wrapped sockets verifies as strictly as without them. */
class GuardedSocketsTest {
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir private Path folder;

  @Test
  void a_certificate_for_this_host_is_accepted_and_bytes_pass() throws Exception {
    SSLContext context = contextFor("localhost");
    try (SSLServerSocket server = serving(context)) {
      try (Socket socket = connected(context, server)) {
        socket.getOutputStream().write('A');
        assertThat(socket.getInputStream().read()).isEqualTo('A');
      }
    }
  }

  @Test
  void a_certificate_for_another_host_is_refused() throws Exception {
    SSLContext context = contextFor("elsewhere.example");
    try (SSLServerSocket server = serving(context);
        Socket socket = connected(context, server)) {
      assertThatThrownBy(() -> socket.getOutputStream().write('A'))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("localhost");
    }
  }

  private static Socket connected(SSLContext context, SSLServerSocket server) throws IOException {
    Socket socket = GuardedSockets.tls(context).createSocket();
    socket.connect(new InetSocketAddress("localhost", server.getLocalPort()), 10_000);
    return socket;
  }

  /** Returns the first byte of each connection to its client. */
  private static SSLServerSocket serving(SSLContext context) throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    var unused =
        NamedThreads.start(
            "tls-test",
            () -> {
              try (Socket socket = server.accept()) {
                socket.getOutputStream().write(socket.getInputStream().read());
                socket.getInputStream().read();
              } catch (IOException e) {
                // the client has refused the certificate, as the test expects
              }
            });
    return server;
  }

  /** A key store for a host, and a trust store for it. */
  private SSLContext contextFor(String host) throws Exception {
    Path file = folder.resolve(host + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "key",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + host,
                    "-ext",
                    "san=dns:" + host,
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    "password"))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("key", keys.getCertificate("key"));
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
