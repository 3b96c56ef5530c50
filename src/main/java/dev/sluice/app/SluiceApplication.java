package dev.sluice.app;

import java.lang.management.ManagementFactory;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/// Sluice: Spring Cloud Gateway for the Kubernetes Gateway API.
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class SluiceApplication {

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(SluiceApplication.class);
        application.setRegisterShutdownHook(false);
        ConfigurableApplicationContext context = application.run(arguments);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("sluice-end").unstarted(() -> end(context)));
        AotCache.unused(
                        ManagementFactory.getRuntimeMXBean().getInputArguments(),
                        System.getProperty("java.vm.info", ""))
                .ifPresent(LoggerFactory.getLogger(SluiceApplication.class)::warn);
    }

    /// Drains, then ends with 0. The JVM would end with 128 + the signal's number, which
    /// supervisors count as a failure.
    private static void end(ConfigurableApplicationContext context) {
        context.close();
        Runtime.getRuntime().halt(0);
    }
}
