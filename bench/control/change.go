package main

import (
	"crypto/tls"
	"time"
)

// change does something else to a route, its backends, its policy, its Gateway
// or its certificates every 200 ms, while requests must not notice.
func change() any {
	const namespace = "change"
	authority := newAuthority()
	gateway(namespace)
	for _, name := range []string{"first", "second"} {
		create(namespaced("/api/v1", namespace, "secrets"), authority.secret(name, "change.example.com", "more.example.com"))
	}
	c := &changes{namespace: namespace, authority: authority}
	c.listeners("first")
	address := addressOf(namespace)
	serve()
	service(namespace, "one", *backend, "10.98.0.2")
	service(namespace, "two", "10.98.0.3")
	create(c.routes(), route("steady", namespace, "change.example.com", steady()))

	trust := &tls.Config{RootCAs: authority.pool(), ServerName: "change.example.com"}
	var targets []target
	for _, fresh := range []bool{false, false, false, false, true} {
		targets = append(targets,
			target{url: "http://" + address + "/", host: "change.example.com", fresh: fresh},
			target{url: "https://" + address + "/", host: "change.example.com", fresh: fresh, tls: trust})
	}
	awaitServed(targets...)
	led, err := followConnections()
	must(err)
	all := c.all()
	ask := startLoad(led, targets...)
	count := 0
	slowest := time.Duration(0)
	every := time.NewTicker(200 * time.Millisecond)
	for end := time.Now().Add(time.Duration(*seconds) * time.Second); time.Now().Before(end); count++ {
		<-every.C
		start := time.Now()
		all[count%len(all)]()
		slowest = max(slowest, time.Since(start))
	}
	result := ask.end()
	result["changes"], result["kinds"], result["slowestChangeMillis"] = count, len(all), millis(slowest)
	return result
}

type changes struct {
	namespace string
	authority *authority
}

func (c *changes) routes() string { return namespaced(gatewayAPI, c.namespace, "httproutes") }

func steady() object { return rule("/", "one", 80) }

// all kinds of change; each leaves the route served.
func (c *changes) all() []func() {
	policies := namespaced("/apis/policy.sluice.dev/v1alpha1", c.namespace, "ratelimitpolicies")
	grpc := namespaced(gatewayAPI, c.namespace, "grpcroutes")
	sets := namespaced(gatewayAPI, c.namespace, "listenersets")
	ofBackend := rule("/", "one", 8080)
	ofBackend["backendRefs"].([]object)[0]["filters"] = header("Response")["filters"]
	return []func(){
		func() { c.rules(ofBackend) },
		func() { c.rules(steady()) },
		func() { c.rules(rule("/", "one", 80, header("Request"))) },
		func() { c.listeners("first", "second") },
		func() { c.rules(rule("/", "two", 80)) },
		func() { create(policies, rateLimit("steady", 1_000_000)) },
		func() { c.rules(rule("/", "one", 80, object{"timeouts": object{"request": "5s"}})) },
		func() { c.rules(rule("/other", "two", 80), steady()) },
		func() { c.renew("first") },
		func() { c.weights(3, 1) },
		func() { c.weights(1, 9) },
		func() { c.endpoints("10.98.0.2") },
		func() { patch(policies+"/steady", object{"spec": rateLimit("steady", 2_000_000)["spec"]}) },
		func() { c.rules(steady()) },
		func() { create(c.routes(), route("more", c.namespace, "other.example.com", rule("/", "two", 80))) },
		func() { c.endpoints(*backend, "10.98.0.2", "10.98.0.4") },
		func() { c.listeners("second") },
		func() { create(grpc, grpcRoute(c.namespace)) },
		func() { c.listeners("second", "first") },
		func() { remove(c.routes() + "/more") },
		func() { remove(policies + "/steady") },
		func() { create(sets, listenerSet(c.namespace)) },
		func() { c.hostnames("change.example.com", "also.example.com") },
		func() { remove(grpc + "/calls") },
		func() { c.renew("second") },
		func() { remove(sets + "/more") },
		func() { c.hostnames("change.example.com") },
		func() { c.listeners("first") },
	}
}

func (c *changes) rules(rules ...object) {
	patch(c.routes()+"/steady", object{"spec": object{"rules": rules}})
}

func (c *changes) hostnames(names ...string) {
	patch(c.routes()+"/steady", object{"spec": object{"hostnames": names}})
}

func (c *changes) weights(one, two int) {
	c.rules(object{"backendRefs": []object{{"name": "one", "port": 80, "weight": one}, {"name": "two", "port": 80, "weight": two}}})
}

func (c *changes) endpoints(addresses ...string) {
	patch(namespaced(discovery, c.namespace, "endpointslices/one"), object{"endpoints": slice("one", addresses...)["endpoints"]})
}

// listeners has one for HTTP and one for HTTPS with these certificates; with two of them also one for another host.
func (c *changes) listeners(certificates ...string) {
	all := object{"namespaces": object{"from": "All"}}
	refs := []object{}
	for _, name := range certificates {
		refs = append(refs, object{"name": name})
	}
	set := []object{
		{"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": all},
		{"name": "https", "port": 443, "protocol": "HTTPS", "allowedRoutes": all, "tls": object{"certificateRefs": refs}}}
	if len(refs) > 1 {
		set = append(set,
			object{"name": "more", "port": 8090, "protocol": "HTTP"},
			object{"name": "more-https", "port": 443, "protocol": "HTTPS", "hostname": "more.example.com",
				"tls": object{"certificateRefs": refs[1:]}})
	}
	patch(namespaced(gatewayAPI, c.namespace, "gateways/gw"), object{"spec": object{
		"listeners": set, "allowedListeners": object{"namespaces": object{"from": "Same"}}}})
}

// renew puts a new certificate into a Secret.
func (c *changes) renew(name string) {
	secret := c.authority.secret(name, "change.example.com", "more.example.com")
	patch(namespaced("/api/v1", c.namespace, "secrets/"+name), object{"data": secret["data"]})
}

func header(kind string) object {
	field := map[string]string{"Request": "requestHeaderModifier", "Response": "responseHeaderModifier"}[kind]
	return object{"filters": []object{{"type": kind + "HeaderModifier",
		field: object{"set": []object{{"name": "x-a", "value": "a"}}}}}}
}

func rateLimit(route string, requests int) object {
	return object{
		"apiVersion": "policy.sluice.dev/v1alpha1", "kind": "RateLimitPolicy", "metadata": object{"name": route},
		"spec": object{
			"targetRefs": []object{{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": route}},
			"limits": []object{{"name": "all", "key": []object{{"clientIP": object{}}},
				"rate": object{"requests": requests, "per": "1s"}}}}}
}

func grpcRoute(namespace string) object {
	return object{
		"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GRPCRoute", "metadata": object{"name": "calls"},
		"spec": object{
			"parentRefs": []object{{"name": "gw", "namespace": namespace}}, "hostnames": []string{"calls.example.com"},
			"rules": []object{{"backendRefs": []object{{"name": "two", "port": 80}}}}}}
}

func listenerSet(namespace string) object {
	return object{
		"apiVersion": "gateway.networking.k8s.io/v1", "kind": "ListenerSet", "metadata": object{"name": "more"},
		"spec": object{
			"parentRef": object{"name": "gw", "namespace": namespace},
			"listeners": []object{{"name": "set", "port": 8091, "protocol": "HTTP"}}}}
}
