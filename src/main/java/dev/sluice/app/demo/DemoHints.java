package dev.sluice.app.demo;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// Prints what to try after `make run`.
@Component
@Profile("demo")
final class DemoHints {

    private static final String HINTS =
            """

            Sluice serves config/ on http://localhost:8080 and https://localhost:8443. Try:

              curl -H 'Host: store.example.com' http://localhost:8080/shoes
              curl -i -H 'Host: store.example.com' -H 'x-preview: true' http://localhost:8080/shoes
              curl -H 'Host: account.example.com' 'http://localhost:8080/api/v1/users?id=1'
              curl -i -H 'Host: account.example.com' http://localhost:8080/slow
              curl -H 'Host: account.example.com' http://localhost:8080/spring
              curl -i -H 'Host: account.example.com' http://localhost:8080/limited
              curl -i -H 'Host: old.example.com' http://localhost:8080/shoes
              curl -k --resolve store.example.com:8443:127.0.0.1 https://store.example.com:8443/shoes

            Management: http://127.0.0.1:PORT/actuator (gateway/routes, health, prometheus)
            Edit a file in config/ and send a request again. Ctrl-C ends Sluice.
            """;

    private final Environment environment;

    DemoHints(Environment environment) {
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    @SuppressWarnings("SystemOut") // this is the program's output, not a log
    void print() {
        System.out.println(
                HINTS.replace("PORT", environment.getRequiredProperty("local.server.port")));
    }
}
