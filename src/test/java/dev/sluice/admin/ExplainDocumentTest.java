package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.dataplane.StageOrder;
import dev.sluice.engine.RulePolicies;
import dev.sluice.ir.Configuration;
import dev.sluice.policy.ratelimit.RateLimitStages;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.source.file.Manifest;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The questions of docs/explain.md, asked of the demonstration. `-Dgolden.write=true` rewrites the
/// answers.
class ExplainDocumentTest {

    private static final Path DOCUMENT = Path.of("docs/explain.md");
    private static final Pattern QUESTION =
            Pattern.compile(
                    "(```sh\n(?:(?!```).)*?explain(.*?)```\n\n```yaml\n)(.*?)```", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("--data-urlencode '(\\w+)=([^']*)'");

    private static Configuration demonstration(String... more) throws IOException {
        List<String> texts = new ArrayList<>(List.of(more));
        for (String name :
                List.of(
                        "gateway.yaml",
                        "routes.yaml",
                        "backends.yaml",
                        "policies/rate-limit.yaml")) {
            texts.add(Files.readString(Path.of("config", name)));
        }
        List<Resource> objects = new ArrayList<>();
        for (String text : texts) {
            Manifest manifest = Manifest.read(text);
            assertThat(manifest.findings()).isEmpty();
            objects.addAll(manifest.resources());
        }
        return new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS)
                .translate(Resources.of(objects))
                .configuration();
    }

    private static ExplainEndpoint endpoint(Configuration configuration) {
        var stages = new RateLimitStages(new SimpleMeterRegistry());
        var policies = new RulePolicies(Map.of("RateLimitPolicy", stages));
        return new ExplainEndpoint(() -> configuration, false, new StageOrder(policies));
    }

    @Test
    void filtersAndPolicies_areToldInTheOrderInWhichTheyRun() throws IOException {
        Configuration configuration =
                demonstration(
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: ordered}
                        spec:
                          parentRefs: [{name: demo}]
                          hostnames: [ordered.example.com]
                          rules:
                          - filters:
                            - {type: RequestMirror, requestMirror: {backendRef: {name: store-v2, port: 80}}}
                            - {type: ResponseHeaderModifier, responseHeaderModifier: {remove: [x-b]}}
                            - {type: URLRewrite, urlRewrite: {hostname: in.example.com}}
                            - {type: RequestHeaderModifier, requestHeaderModifier: {remove: [x-a]}}
                            - {type: CORS, cors: {allowOrigins: ["https://a.example.com"]}}
                            backendRefs: [{name: store-v1, port: 80}]
                        """,
                        """
                        apiVersion: policy.sluice.dev/v1alpha1
                        kind: RateLimitPolicy
                        metadata: {name: all}
                        spec:
                          targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: demo}]
                          mode: Shadow
                          limits: [{name: all, rate: {requests: 5, per: 1s}}]
                        """);
        var answers =
                endpoint(configuration)
                        .answers("http://ordered.example.com:8080/", "GET", List.of());
        var explainedRule = Objects.requireNonNull(answers.getFirst().rule());
        assertThat(explainedRule.filters())
                .containsExactly(
                        "CORS: origins https://a.example.com",
                        "RateLimitPolicy default/all of Gateway default/demo: limits, Shadow",
                        "RequestHeaderModifier: remove x-a",
                        "URLRewrite: host in.example.com",
                        "ResponseHeaderModifier: remove x-b",
                        "RequestMirror: all to default/store-v2:80");
    }

    @Test
    void questions_areAnsweredAsWritten() throws IOException {
        Configuration configuration = demonstration();
        ExplainEndpoint endpoint = endpoint(configuration);
        String text = Files.readString(DOCUMENT);
        Matcher questions = QUESTION.matcher(text);
        StringBuilder answered = new StringBuilder();
        int count = 0;
        while (questions.find()) {
            String answer = Format.yaml(Json.of(answer(endpoint, questions.group(2))));
            questions.appendReplacement(
                    answered, Matcher.quoteReplacement(questions.group(1) + answer + "```"));
            count++;
        }
        questions.appendTail(answered);
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(DOCUMENT, answered);
        }
        assertThat(answered.toString()).isEqualTo(Files.readString(DOCUMENT));
        assertThat(count).isGreaterThanOrEqualTo(12);
    }

    private static List<ExplainEndpoint.ExplainResponse> answer(
            ExplainEndpoint endpoint, String command) {
        String url = "";
        String method = null;
        List<String> headers = new ArrayList<>();
        Matcher parameters = PARAMETER.matcher(command);
        while (parameters.find()) {
            switch (parameters.group(1)) {
                case "url" -> url = parameters.group(2);
                case "method" -> method = parameters.group(2);
                default -> headers.add(parameters.group(2));
            }
        }
        return endpoint.answers(url, method, headers);
    }
}
