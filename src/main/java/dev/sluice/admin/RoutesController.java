package dev.sluice.admin;

import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// `/actuator/routes`: routes that are made, replaced and deleted at run time.
@RestController
@RequestMapping("${management.endpoints.web.base-path:/actuator}/routes")
public final class RoutesController {

    private static final MediaType YAML = MediaType.valueOf("application/yaml");

    private final ManagedRoutes routes;

    public RoutesController(ManagedRoutes routes) {
        this.routes = routes;
    }

    /// `namespace/name` of all.
    @GetMapping
    public Mono<List<String>> names() {
        return Mono.fromCallable(routes::names).subscribeOn(Schedulers.boundedElastic());
    }

    /// One as YAML.
    @GetMapping("/{namespace}/{name}")
    public Mono<ResponseEntity<String>> one(
            @PathVariable String namespace, @PathVariable String name) {
        return Mono.fromCallable(() -> routes.text(namespace, name))
                .map(text -> ResponseEntity.ok().contentType(YAML).body(text))
                .defaultIfEmpty(ResponseEntity.notFound().build())
                .subscribeOn(Schedulers.boundedElastic());
    }

    /// 201 or 200 when it is stored, and served within a moment; 400 with the reasons otherwise.
    @PutMapping("/{namespace}/{name}")
    public Mono<ResponseEntity<Map<String, Object>>> put(
            @PathVariable String namespace, @PathVariable String name, @RequestBody String body) {
        return Mono.fromCallable(() -> answer(routes.put(namespace, name, body)))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static ResponseEntity<Map<String, Object>> answer(
            ManagedRoutes.WriteResult writeResult) {
        return switch (writeResult) {
            case ManagedRoutes.Stored(boolean created) ->
                    ResponseEntity.status(created ? HttpStatus.CREATED : HttpStatus.OK)
                            .body(Map.of("created", created));
            case ManagedRoutes.RouteRejected(var reasons) ->
                    ResponseEntity.badRequest().body(Map.of("reasons", reasons));
        };
    }

    /// 204, or 404 when there was none.
    @DeleteMapping("/{namespace}/{name}")
    public Mono<ResponseEntity<Void>> delete(
            @PathVariable String namespace, @PathVariable String name) {
        return Mono.fromCallable(() -> deleted(routes.delete(namespace, name)))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static ResponseEntity<Void> deleted(boolean was) {
        return ResponseEntity.status(was ? HttpStatus.NO_CONTENT : HttpStatus.NOT_FOUND).build();
    }
}
