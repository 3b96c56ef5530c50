package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.ir.Configuration;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.source.file.Manifest;
import dev.sluice.translate.Settings;
import dev.sluice.translate.Translator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private static Configuration demonstration() throws IOException {
        List<Resource> objects = new ArrayList<>();
        for (String name : List.of("gateway.yaml", "routes.yaml", "backends.yaml")) {
            Manifest manifest = Manifest.read(Files.readString(Path.of("config", name)));
            assertThat(manifest.findings()).isEmpty();
            objects.addAll(manifest.resources());
        }
        return new Translator(Settings.DEFAULT, PolicyConfiguration.KINDS)
                .translate(new Resources(objects))
                .configuration();
    }

    @Test
    void questions_areAnsweredAsWritten() throws IOException {
        Configuration configuration = demonstration();
        ExplainEndpoint endpoint = new ExplainEndpoint(() -> configuration, false);
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
        assertThat(count).isGreaterThanOrEqualTo(10);
    }

    private static List<ExplainEndpoint.Answer> answer(ExplainEndpoint endpoint, String command) {
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
