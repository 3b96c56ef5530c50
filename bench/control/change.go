package main

import (
	"fmt"
	"time"
)

// change does something else to a route, its backends or its Gateway every
// 200 ms, while requests must not notice.
func change() any {
	const namespace = "change"
	address := gateway(namespace)
	serve()
	service(namespace, "one", *backend, "10.98.0.2")
	service(namespace, "two", "10.98.0.3")
	routes := namespaced(gatewayAPI, namespace, "httproutes")
	steady := rule("/", "one", 80)
	create(routes, route("steady", namespace, "change.example.com", steady))
	set := func(rules ...object) {
		patch(routes+"/steady", object{"spec": object{"rules": rules}})
	}
	header := func(kind string) object {
		return object{"filters": []object{{"type": kind + "HeaderModifier",
			lower(kind) + "HeaderModifier": object{"set": []object{{"name": "x-a", "value": "a"}}}}}}
	}
	ofBackend := rule("/", "one", 8080)
	ofBackend["backendRefs"].([]object)[0]["filters"] = header("Response")["filters"]
	listeners := func(more ...object) {
		patch(namespaced(gatewayAPI, namespace, "gateways/gw"), object{"spec": object{"listeners": append([]object{{
			"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": object{"namespaces": object{"from": "All"}}}}, more...)}})
	}
	endpoints := func(addresses ...string) {
		patch(namespaced(discovery, namespace, "endpointslices/one"), object{"endpoints": slice("one", addresses...)["endpoints"]})
	}
	changes := []func(){
		func() { set(ofBackend) },
		func() { set(steady) },
		func() { set(rule("/", "one", 80, header("Request"))) },
		func() { set(rule("/", "two", 80)) },
		func() { set(rule("/", "one", 80, object{"timeouts": object{"request": "5s"}})) },
		func() { set(rule("/other", "two", 80), steady) },
		func() {
			set(object{"backendRefs": []object{{"name": "one", "port": 80, "weight": 3}, {"name": "two", "port": 80}}})
		},
		func() { set(steady) },
		func() { create(routes, route("more", namespace, "other.example.com", rule("/", "two", 80))) },
		func() { remove(routes + "/more") },
		func() { endpoints("10.98.0.2") },
		func() { endpoints(*backend, "10.98.0.2", "10.98.0.4") },
		func() { listeners(object{"name": "more", "port": 8090, "protocol": "HTTP"}) },
		func() { listeners() },
	}
	ask := startLoadWhenServed("http://"+address+"/", "change.example.com")
	count := 0
	for end := time.Now().Add(time.Duration(*seconds) * time.Second); time.Now().Before(end); count++ {
		changes[count%len(changes)]()
		time.Sleep(200 * time.Millisecond)
	}
	result := ask.end()
	result["changes"] = count
	return result
}

func lower(word string) string { return fmt.Sprintf("%c%s", word[0]+'a'-'A', word[1:]) }

// startLoadWhenServed waits for the first 200.
func startLoadWhenServed(url, host string) *load {
	for range 300 {
		one := &load{failures: map[string]int{}}
		one.send(httpClient(), url, host)
		if len(one.failures) == 0 {
			return startLoad(url, host)
		}
		time.Sleep(100 * time.Millisecond)
	}
	panic(url + " is not served after 30 s")
}
