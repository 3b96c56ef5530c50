package dev.sluice.app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// Sluice: Spring Cloud Gateway for the Kubernetes Gateway API.
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class SluiceApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(SluiceApplication.class, arguments);
    }
}
