package dev.sluice.bench;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// Plain Spring Cloud Gateway; its routes come from the YAML that the bench writes.
@SpringBootApplication(proxyBeanMethods = false)
public class PlainGateway {

    public static void main(String[] arguments) {
        SpringApplication.run(PlainGateway.class, arguments);
    }
}
