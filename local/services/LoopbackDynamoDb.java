import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.security.MessageDigest;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import software.amazon.dynamodb.services.local.main.ServerRunner;

/**
 * Starts DynamoDB Local on 127.0.0.1, for requests with a secret in a header. Started in its own way it listens on all
 * interfaces and serves everybody. The secret is the first line of the standard input, the arguments are those of
 * DynamoDB Local.
 */
public class LoopbackDynamoDb {
  public static void main(String[] arguments) throws Exception {
    var secret = new BufferedReader(new InputStreamReader(System.in)).readLine();
    var proxy = ServerRunner.createServerFromCommandLineArgs(arguments);
    var field = proxy.getClass().getDeclaredField("server");
    field.setAccessible(true);
    var server = (Server) field.get(proxy);
    for (Connector connector : server.getConnectors()) {
      ((ServerConnector) connector).setHost("127.0.0.1");
    }
    server.setHandler(new SecretRequired(server.getHandler(), secret));
    proxy.start();
    proxy.join();
  }

  private static class SecretRequired extends Handler.Wrapper {
    private final byte[] secret;

    SecretRequired(Handler handler, String secret) {
      super(handler);
      this.secret = secret.getBytes();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      var given = request.getHeaders().get("x-dynamodb-local-secret");
      if (given != null && MessageDigest.isEqual(given.getBytes(), secret)) {
        return super.handle(request, response, callback);
      }
      Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
      return true;
    }
  }
}
